"""Vapi: what it accepts, what it answers (contract: vapi.md)."""
