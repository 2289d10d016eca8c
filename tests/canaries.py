"""The made-up secrets of all tests: each carries one mark, so that none can leak unseen.

A test that needs a secret takes it from here or from the sandbox; no test's name shows one.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

MARK: Final = "d06f00d5ca11"
"""Stands in every made-up secret of the tests, and nowhere else."""


def _token(name: str) -> str:
    """Make 32 hexadecimal digits, as Twilio's tokens have."""
    return MARK + sha256(name.encode()).hexdigest()[: 32 - len(MARK)]


VAPI_KEY: Final = f"made-up-vapi-key-{MARK}"
OTHER_VAPI_KEY: Final = f"another-made-up-key-{MARK}"
WRONG_VAPI_KEY: Final = f"5a5a5a5a-0000-4000-8000-{MARK}"
AUTH_TOKEN: Final = f"made-up-auth-token-{MARK}"
KEY_SECRET: Final = f"made-up-key-secret-{MARK}"
TOKEN: Final = _token("right")
WRONG_TOKEN: Final = _token("wrong")

ALL: Final = (
    *(MARK, VAPI_KEY, OTHER_VAPI_KEY, WRONG_VAPI_KEY),
    *(AUTH_TOKEN, KEY_SECRET, TOKEN, WRONG_TOKEN),
)
