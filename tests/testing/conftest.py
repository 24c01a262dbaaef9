"""The team's project is run by a test, in a workspace with a bridge of its own."""

collect_ignore = ["team_project"]
