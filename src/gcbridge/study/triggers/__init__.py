"""Process automation triggers, offline: their paths, their criteria, and what they would start."""
