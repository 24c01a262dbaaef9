"""Emulated clouds for trying gcbridge without an account; imports nothing from the rest of gcbridge."""
