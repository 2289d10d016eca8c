"""ava-setup: from nothing to a phone number that Ava answers."""

__version__ = "0.1.0"
