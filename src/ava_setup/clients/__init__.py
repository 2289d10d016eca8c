"""Thin async clients of the two vendors: sending, deciphering, and nothing else."""
