"""What happened to the events of a verification, told apart by their content and counted."""
