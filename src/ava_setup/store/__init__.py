"""The shared state, kept on disk: places, file, store, lock, and a vault for secrets."""
