"""Looks for events that were on the bus in the targets of the rules that match them. Nothing is ever taken out."""
