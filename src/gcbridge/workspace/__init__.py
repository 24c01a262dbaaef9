"""The workspace room: every file of the user's and of gcbridge's own is read and written here."""
