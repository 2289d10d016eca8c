"""Twilio: what it accepts, what it answers (contract: twilio.md)."""
