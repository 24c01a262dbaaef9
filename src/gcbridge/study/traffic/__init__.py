"""Events against the rules of a bridge: where they go, what is expected of them, what traffic amounts to."""
