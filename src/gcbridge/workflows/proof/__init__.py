"""Causing events, hearing of them on every way, and following them to their targets."""
