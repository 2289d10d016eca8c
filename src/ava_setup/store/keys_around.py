"""Keys that this computer holds already: in the environment, and in twilio-cli's profiles."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ava_setup.onboarding.credentials import (
    ApiKey,
    AuthToken,
    read_account_sid,
    read_key_secret,
    read_key_sid,
    secret_of,
)
from ava_setup.onboarding.errors import FieldProblem, SetupError
from ava_setup.onboarding.sources import FoundKeys, Origin, Source
from ava_setup.onboarding.surrounding_keys import (
    TWILIO_API_KEY,
    TWILIO_AUTH_TOKEN,
    VAPI_API_KEY,
    surrounding_twilio,
    surrounding_vapi,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pydantic import SecretStr

_CONFIG = Path(".twilio-cli", "config.json")
# Far more than a thousand profiles take.
_LONGEST = 1_000_000


class KeysAround:
    """Finds them, without using any.

    Args:
        environ: The environment: its keys, its home, and which profile it names.
        on_secret: Told of every secret found, so that no log ever shows it.
    """

    def __init__(
        self, environ: Mapping[str, str], *, on_secret: Callable[[SecretStr], None]
    ) -> None:
        self._environ = environ
        self._on_secret = on_secret

    async def look(self) -> tuple[FoundKeys, ...]:
        """Find them, the likeliest first; what cannot be read is not there."""
        found = await asyncio.to_thread(lambda: tuple(self._found()))
        for one in found:
            self._on_secret(_secret(one))
        return found

    def _found(self) -> Iterator[FoundKeys]:
        with suppress(SetupError, FieldProblem):
            key = surrounding_vapi(self._environ)
            yield FoundKeys(key, Source(Origin.ENVIRONMENT, VAPI_API_KEY))
        named = self._environ.get("TWILIO_PROFILE", "").strip()
        profiles = tuple(self._profiles(named))
        # Who names a profile means it, whatever else the environment holds.
        yield from (one for one in profiles if one.source.name == named)
        with suppress(SetupError, FieldProblem):
            twilio = surrounding_twilio(self._environ)
            variable = TWILIO_API_KEY if isinstance(twilio, ApiKey) else TWILIO_AUTH_TOKEN
            yield FoundKeys(twilio, Source(Origin.ENVIRONMENT, variable))
        yield from (one for one in profiles if one.source.name != named)

    def _profiles(self, named: str) -> Iterator[FoundKeys]:
        """Read twilio-cli's profiles, the one in use first.

        Profiles of its earlier versions have their secrets in the system's keyring, which would
        ask its owner for permission: they are left out.
        """
        config = self._config()
        profiles = config.get("profiles")
        if not isinstance(profiles, dict):
            return
        in_use = (named, config.get("activeProject"))
        for name in sorted(profiles, key=lambda one: (one not in in_use, one)):
            with suppress(FieldProblem, TypeError, KeyError, AttributeError):
                profile = profiles[name]
                key = ApiKey(
                    account_sid=read_account_sid(profile["accountSid"]),
                    key_sid=read_key_sid(profile["apiKey"]),
                    key_secret=read_key_secret(profile["apiSecret"]),
                )
                yield FoundKeys(key, Source(Origin.TWILIO_CLI, name))

    def _config(self) -> dict[str, Any]:
        home = self._environ.get("HOME") or self._environ.get("USERPROFILE")
        if not home:
            return {}
        try:
            with Path(home, _CONFIG).open(encoding="utf-8") as file:
                config = json.loads(file.read(_LONGEST))
        except (OSError, ValueError):
            return {}
        return config if isinstance(config, dict) else {}


def _secret(found: FoundKeys) -> SecretStr:
    keys = found.keys
    return secret_of(keys) if isinstance(keys, ApiKey | AuthToken) else keys
