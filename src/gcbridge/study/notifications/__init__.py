"""The notification service, thought through without it: spreading topics, telling duplicates apart, filling gaps."""
