"""The study: pure decisions. Reads no file, opens no socket, asks no clock."""
