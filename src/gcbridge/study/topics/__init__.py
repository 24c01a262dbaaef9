"""The topic catalogue: what Genesys Cloud can send, and what stands in it."""
