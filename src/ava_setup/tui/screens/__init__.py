"""The steps, one screen each."""
