"""What is counted, logged and found of the events that pass."""
