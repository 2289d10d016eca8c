"""What the wizard can work on: this computer's businesses, and demos on a sandbox."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import chain, count
from typing import TYPE_CHECKING

from ava_setup.front.worlds import Business
from ava_setup.onboarding.profile import CallersLanguage, Trade
from ava_setup.store.demo_folder import demo_folder, sweep_demos
from ava_setup.store.places import DEFAULT_PROFILE, Places
from ava_setup.store.state_file import StateFile
from ava_setup.wiring import Rehearsal, open_world

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ava_setup.clients.patience import OnWait
    from ava_setup.front.worlds import World
    from ava_setup.headless.filling import Filling
    from ava_setup.sandbox import Sandbox

_DEMO_CALLER = "+33199001000"


class LocalWorlds:
    """Opens worlds; see `front.worlds.Worlds`.

    Args:
        environ: The environment.
        places: Where things are kept.
        keep_secrets: Whether secrets outlast the run.
        scenario: What a demo starts from.
        on_wait: Told before a vendor is asked again; else the state's activity says it.
        filling: What fills a business in when it is first opened, or None.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        places: Places,
        *,
        keep_secrets: bool,
        scenario: str,
        on_wait: OnWait | None = None,
        filling: Filling | None = None,
    ) -> None:
        self._environ = environ
        self._places = places
        self._keep_secrets = keep_secrets
        self._scenario = scenario
        self._on_wait = on_wait
        self._filling = filling

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
        sweep_demos()
        filling = self._filling
        is_meant = filling is not None and filling.answers.name == profile
        world = open_world(
            self._environ,
            self._places,
            profile=profile,
            keep_secrets=self._keep_secrets,
            on_wait=self._on_wait,
            first=filling if is_meant else None,
        )
        if is_meant:
            # Opened again, it is as its owner left it.
            self._filling = None
        return world

    def open_demo(self, scenario: str = "") -> World:
        """Open a demo, in a folder of its own that goes with it."""
        from ava_setup.sandbox import Sandbox  # noqa: PLC0415 - a server, which only a demo needs

        sweep_demos()
        with ExitStack() as held:
            sandbox = held.enter_context(Sandbox(scenario or self._scenario))
            told = sandbox.announcement
            environ = {
                "AVA_SETUP_VAPI_URL": told.vapi_urls["us"],
                "AVA_SETUP_VAPI_EU_URL": told.vapi_urls["eu"],
                "AVA_SETUP_TWILIO_URL": told.twilio_urls["us1"],
                "AVA_SETUP_TWILIO_IE1_URL": told.twilio_urls["ie1"],
                "AVA_SETUP_TWILIO_AU1_URL": told.twilio_urls["au1"],
                "AVA_SETUP_TWILIO_ROUTES_URL": told.twilio_routes_url,
            }
            places = Places(held.enter_context(demo_folder()))
            rehearsal = _rehearsal(sandbox)
            return open_world(
                environ,
                places,
                profile="demo",
                demo=rehearsal,
                held=held.pop_all(),
                on_wait=self._on_wait,
            )


def _rehearsal(sandbox: Sandbox) -> Rehearsal:
    told = sandbox.announcement
    answers = {
        "business-name": "Plomberie Martin",
        "email": "contact@plomberie-martin.example",
        "trade": Trade.PLUMBER.value,
        "vapi-key": told.vapi_key,
        "account-sid": told.twilio_account_sid,
        "auth-token": told.twilio_auth_token,
    }
    if sandbox.world.org.assistants:
        # Those of every scenario are there for French callers.
        answers["callers-language"] = CallersLanguage.FR_FR.value
    return Rehearsal(told.control_url, answers, number=told.number, caller=_DEMO_CALLER)
