"""Which event model fits: limits, what a need means for each of them, the answer."""
