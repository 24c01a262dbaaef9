"""How an event gets into each kind of target, and what AWS demands for it: one module a kind."""
