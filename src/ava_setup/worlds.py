"""What the wizard can work on: this computer's businesses, and demos on a sandbox."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import chain, count
from typing import TYPE_CHECKING

from ava_setup.sandbox import Sandbox
from ava_setup.store.places import DEFAULT_PROFILE, Places
from ava_setup.store.state_file import StateFile
from ava_setup.tui.world import Business
from ava_setup.wiring import Rehearsal, demo_places, open_world

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ava_setup.tui.world import World

_DEMO_CALLER = "+33199001000"


class LocalWorlds:
    """Opens worlds; see `tui.world.Worlds`.

    Args:
        environ: The environment.
        places: Where things are kept.
        keep_secrets: Whether secrets outlast the run.
        scenario: What a demo starts from.
    """

    def __init__(
        self, environ: Mapping[str, str], places: Places, *, keep_secrets: bool, scenario: str
    ) -> None:
        self._environ = environ
        self._places = places
        self._keep_secrets = keep_secrets
        self._scenario = scenario

    def businesses(self) -> tuple[Business, ...]:
        """List the businesses that there is saved work of, by name."""
        found = [
            Business(name, StateFile(self._places.profile(name).state).business_name())
            for name in self._places.profiles()
        ]
        return tuple(sorted(found, key=lambda one: (one.name or one.profile).casefold()))

    def unused_profile(self) -> str:
        """Name a profile that has no saved work yet."""
        taken = set(self._places.profiles())
        names = (f"business-{number}" for number in count(2))
        return next(name for name in chain((DEFAULT_PROFILE,), names) if name not in taken)

    def open(self, profile: str) -> World:
        """Open a business.

        Raises:
            SetupError: It is in use, cannot be read, or an address is refused.
        """
        return open_world(
            self._environ, self._places, profile=profile, keep_secrets=self._keep_secrets
        )

    def open_demo(self) -> World:
        """Open a demo, in a folder of its own that goes with it."""
        with ExitStack() as held:
            told = held.enter_context(Sandbox(scenario=self._scenario)).announcement
            rehearsal = Rehearsal(
                told.control_url,
                {
                    "business-name": "Plomberie Martin",
                    "email": "contact@plomberie-martin.example",
                    "vapi-key": told.vapi_key,
                    "account-sid": told.twilio_account_sid,
                    "auth-token": told.twilio_auth_token,
                },
                _DEMO_CALLER,
            )
            environ = {
                "AVA_SETUP_VAPI_URL": told.vapi_urls["us"],
                "AVA_SETUP_VAPI_EU_URL": told.vapi_urls["eu"],
                "AVA_SETUP_TWILIO_URL": told.twilio_urls["us1"],
                "AVA_SETUP_TWILIO_IE1_URL": told.twilio_urls["ie1"],
                "AVA_SETUP_TWILIO_AU1_URL": told.twilio_urls["au1"],
                "AVA_SETUP_TWILIO_ROUTES_URL": told.twilio_routes_url,
            }
            places = demo_places(held)
            return open_world(environ, places, profile="demo", demo=rehearsal, held=held.pop_all())
