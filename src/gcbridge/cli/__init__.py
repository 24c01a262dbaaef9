"""The front door: parse, call one use case, print, exit code. No decision is made here."""
