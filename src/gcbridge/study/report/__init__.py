"""What a verification looks like outside the terminal: a page for people, JUnit for CI systems."""
