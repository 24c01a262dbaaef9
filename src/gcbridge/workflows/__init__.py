"""The hallway: one module per use case, each a short list of steps. Rooms are passed in; nothing here does IO itself."""
