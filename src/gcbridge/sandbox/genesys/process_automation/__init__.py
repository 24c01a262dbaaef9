"""Process automation: triggers that start a workflow when an event matches."""
