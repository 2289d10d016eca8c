"""The wizard on a sandbox, driven through Textual's pilot as a person would drive it."""

from __future__ import annotations

import asyncio
import contextlib
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import httpx
from pydantic import SecretStr
from textual import events
from textual.widgets import Input, OptionList

from ava_setup import wiring
from ava_setup.front.offered import offered_profile
from ava_setup.onboarding.credentials import AuthToken
from ava_setup.onboarding.profile import Profile
from ava_setup.onboarding.setup import Setup
from ava_setup.onboarding.steps import StepId
from ava_setup.store.places import Places
from ava_setup.tui.app import AvaSetup
from ava_setup.tui.widgets.field import Labelled
from ava_setup.tui.widgets.frame import Notice
from ava_setup.words import NOTHING, Language, Text
from ava_setup.worlds import LocalWorlds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from pathlib import Path

    from textual.pilot import Pilot

    from ava_setup.front.worlds import World
    from ava_setup.sandbox import Sandbox
    from ava_setup.tui.widgets.spoken import Line

CALLER = "+33199009999"
_PATIENCE_S = 10.0
_EMAIL = "contact@plomberie-martin.example"
# What the first step keeps as typed, by field: the name in the profile.
_TYPED = {
    "business-name": "business_name",
    "email": "admin_email",
    "trade": "trade",
    "callers-language": "callers_language",
    "opening-hours": "opening_hours",
    "time-zone": "time_zone",
}


def addresses(sandbox: Sandbox, *, regions: bool) -> dict[str, str]:
    """Name the sandbox's addresses: one for each vendor, or those of all regions."""
    told = sandbox.announcement
    if not regions:
        return {"AVA_SETUP_VAPI_URL": told.vapi_url, "AVA_SETUP_TWILIO_URL": told.twilio_url}
    return {
        "AVA_SETUP_VAPI_URL": told.vapi_urls["us"],
        "AVA_SETUP_VAPI_EU_URL": told.vapi_urls["eu"],
        "AVA_SETUP_TWILIO_URL": told.twilio_urls["us1"],
        "AVA_SETUP_TWILIO_IE1_URL": told.twilio_urls["ie1"],
        "AVA_SETUP_TWILIO_AU1_URL": told.twilio_urls["au1"],
        "AVA_SETUP_TWILIO_ROUTES_URL": told.twilio_routes_url,
    }


class QuickWorlds(LocalWorlds):
    """Worlds on a sandbox, with waits shortened to what a sandbox needs."""

    def __init__(
        self,
        sandbox: Sandbox,
        home: Path,
        *,
        scenario: str = "fresh",
        keep_secrets: bool = True,
        regions: bool = False,
        environ: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        environ = {**addresses(sandbox, regions=regions), **environ}
        super().__init__(environ, Places(home), keep_secrets=keep_secrets, scenario=scenario)

    def open(self, profile: str) -> World:
        return _hurried(super().open(profile))


class QuickDemos(LocalWorlds):
    """Demos, with waits shortened to what a sandbox needs."""

    def __init__(self, *, scenario: str = "fresh") -> None:
        places = Places.from_environment()
        super().__init__({}, places, keep_secrets=True, scenario=scenario)

    def open_demo(self, scenario: str = "") -> World:
        return _hurried(super().open_demo(scenario))


def _hurried(world: World) -> World:
    assert isinstance(world, wiring.World)
    slow = world.setup
    world.setup = Setup(
        slow.store,
        slow._vault,
        slow._vendors,
        around=slow._around,
        poll_s=0.05,
        settle_s=0.05,
    )
    return world


class WatchedApp(AvaSetup):
    """The wizard, remembering what it said in passing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen: list[str] = []

    def notify(self, message: str, **kwargs: Any) -> None:
        self.seen.append(message)
        super().notify(message, **kwargs)

    def toast(self, text: Text, *, title: Text = NOTHING, more: Text = NOTHING) -> None:
        self.seen.append("\n".join(self.voice(said) for said in (title, text, more) if said))
        super().toast(text, title=title, more=more)


class Wizard:
    """What a person sees and does."""

    def __init__(self, app: AvaSetup, pilot: Pilot[None], sandbox: Sandbox) -> None:
        self.app = app
        self.pilot = pilot
        self.sandbox = sandbox

    async def until(
        self, holds: Callable[[], object], what: str = "", *, patience_s: float = _PATIENCE_S
    ) -> None:
        """Wait for something to be true on screen."""
        for _ in range(int(patience_s / 0.02)):
            with contextlib.suppress(LookupError):
                if holds():
                    return
            # Not the pilot's pause: it asks every widget each time, which costs more than waiting.
            await asyncio.sleep(0.02)
        raise AssertionError(f"never came: {what or holds} on\n{self.screen_text}")

    async def on(self, screen_id: str) -> None:
        """Wait until a screen is there and idle."""

        def there() -> bool:
            screen = self.app.screen
            return screen.name == screen_id and not getattr(screen, "_busy", False)

        await self.until(there, f"screen {screen_id}")
        await self.pilot.pause()

    async def type(self, field_id: str, text: str) -> None:
        """Replace what stands in a field, in one paste; key by key is the terminal test's."""
        entry = self.app.screen.query_one(f"#{field_id}", Input)
        entry.focus()
        entry.value = ""
        await self.paste(text)

    async def paste(self, text: str) -> None:
        """Paste where the focus is."""
        await self.pilot.pause()
        self.app.post_message(events.Paste(text))
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        """Press keys."""
        await self.pilot.press(*keys)

    async def click(self, button: str) -> None:
        """Click a button by its id."""
        # A button takes no second click while it shows the first.
        pressed = self.app.screen.query_one(f"#{button}")
        await self.until(lambda: not pressed.has_class("-active"), "a button that is up")
        # Where the layout has just changed, the first click may go where the button was.
        await self.pilot.pause()
        assert await self.pilot.click(f"#{button}"), self.screen_text

    def value(self, field_id: str) -> str:
        """What stands in a field."""
        return self.app.screen.query_one(f"#{field_id}", Input).value

    def message(self, field_id: str) -> str:
        """What stands below a field."""
        field = self.app.screen.query_one(f"#{field_id}-field", Labelled)
        return self.app.voice(field.message)

    def is_wrong(self, field_id: str) -> bool:
        """Whether a field complains."""
        return self.app.screen.query_one(f"#{field_id}-field").has_class("-wrong")

    def said(self, line: Line) -> str:
        """What a line says."""
        return self.app.voice(line.sentence)

    def rows(self) -> dict[str, str]:
        """What the review says, by row."""
        rows = self.app.screen.query_one("#rows", OptionList)
        shown = (rows.get_option_at_index(place) for place in range(rows.option_count))
        return {str(row.id): " ".join(str(row.prompt).split()) for row in shown}

    def written(self) -> set[str]:
        """The rows of the review that change something at a vendor."""
        review = self.app.setup.store.state.live.review
        assert review is not None
        return {row.id.value for row in review.writes}

    @property
    def notice(self) -> str:
        """What the notice says, or nothing."""
        notice = self.app.step_screen.query(Notice)
        if not notice or not notice.first().display or notice.first().problem is None:
            return ""
        problem = notice.first().problem
        assert problem is not None
        return "\n".join(self.app.voice(text) for text in (problem.what, problem.why, problem.next))

    @property
    def toasts(self) -> str:
        """All that was said in passing so far, oldest first."""
        assert isinstance(self.app, WatchedApp)
        return "\n".join(self.app.seen)

    @property
    def words(self) -> str:
        """What is on screen as one line: a sentence is found wherever it wraps."""
        return " ".join(self.screen_text.split())

    @property
    def screen_text(self) -> str:
        """The characters on screen."""
        height = self.app.size.height
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips[:height])

    async def fill_business(self, name: str = "Plomberie Martin") -> None:
        """Answer the first step."""
        await self.on("business")
        await self.type("business-name", name)
        await self.type("email", _EMAIL)
        await self.click("next")

    async def fill_vapi(self) -> None:
        """Paste the key."""
        await self.on("vapi")
        await self.type("vapi-key", self.sandbox.announcement.vapi_key)
        await self.press("enter")

    async def fill_twilio(self) -> None:
        """Paste the two values."""
        await self.on("twilio")
        await self.type("account-sid", self.sandbox.announcement.twilio_account_sid)
        await self.type("auth-token", self.sandbox.announcement.twilio_auth_token)
        await self.press("enter")

    async def pick_assistant(self, name: str) -> None:
        """Choose an existing assistant."""
        await self.on("assistant")
        options = self.app.screen.query_one("#assistants", OptionList)
        await self.until(lambda: options.option_count > 1, "the list of assistants")
        place = next(
            place
            for place in range(options.option_count)
            if str(options.get_option_at_index(place).prompt) == name
        )
        options.focus()
        options.highlighted = place
        await self.press("enter")

    async def start(self) -> None:
        """Leave the welcome."""
        await self.on("welcome")
        await self.until(self.app.ready.is_set, "the world")
        await self.press("enter")

    async def up_to_business(self) -> None:
        """Leave the welcome, and be on the first step."""
        await self.start()
        await self.on("business")

    # On the way to what a test is about, the engine is told what the screens would tell it.

    async def up_to_vapi(self) -> None:
        """Have the business answered, and be on the key."""
        await self._know_business()
        await self._go(StepId.VAPI)

    async def up_to_assistant(self) -> None:
        """Have the key known, too, and be on the assistant."""
        await self._know_business()
        await self.app.setup.connect(SecretStr(self.sandbox.announcement.vapi_key))
        await self._go(StepId.ASSISTANT)

    async def _know_business(self) -> None:
        await self.on("welcome")
        await self.until(self.app.ready.is_set, "the world")
        offered = offered_profile(self.app.voice).model_dump(exclude_unset=True)
        given = {"business_name": "Plomberie Martin", "admin_email": _EMAIL}
        profile = await self.app.setup.save_profile(Profile(**(offered | given)))
        typed = {field: str(getattr(profile, name)) for field, name in _TYPED.items()}
        await self.app.setup.remember(typed)

    async def _know_twilio(self) -> None:
        told = self.sandbox.announcement
        token = SecretStr(told.twilio_auth_token)
        pair = AuthToken(account_sid=told.twilio_account_sid, auth_token=token)
        await self.app.setup.check_twilio(pair)
        await self.app.setup.remember({"account-sid": pair.account_sid, "twilio-kind": "token"})

    async def _go(self, step_id: StepId) -> None:
        self.app.go(step_id)
        await self.on(step_id.value)

    async def up_to_twilio(self) -> None:
        """Walk from the welcome to Twilio, accepting the ready-made assistant."""
        await self.up_to_assistant()
        await self.click("next")
        await self.on("twilio")

    async def up_to_number(self, *, assistant: str | None = "new") -> None:
        """Walk from the welcome to the number step."""
        await self.up_to_assistant()
        if assistant is None:
            await self.click("later")
        elif assistant == "new":
            await self.click("next")
        else:
            await self.pick_assistant(assistant)
        await self.on("twilio")
        await self._know_twilio()
        await self._go(StepId.NUMBER)

    async def up_to_review(self, *, assistant: str | None = "new") -> None:
        """Walk from the welcome to the review, taking the number that is offered."""
        await self.up_to_number(assistant=assistant)
        await self.press("enter")
        await self.on("review")

    # The world outside

    def vendors(self) -> Any:
        """The complete state of both vendors."""
        return httpx.get(f"{self.sandbox.announcement.control_url}/state", trust_env=False).json()

    def call(self, number: str | None = None) -> Any:
        """Ring a number as any caller would."""
        return httpx.post(
            f"{self.sandbox.announcement.control_url}/calls",
            json={"from": CALLER, "to": number or self.sandbox.announcement.numbers[0]},
            trust_env=False,
        ).json()

    def spoil(self, vendor: str, method: str, path: str, kind: str, **more: Any) -> None:
        """Have a vendor fail on such requests."""
        order = {"vendor": vendor, "method": method, "path": path, "kind": kind, **more}
        url = f"{self.sandbox.announcement.control_url}/faults"
        httpx.post(url, json=order, trust_env=False).raise_for_status()

    def spoil_no_more(self) -> None:
        """Have both vendors work again."""
        url = f"{self.sandbox.announcement.control_url}/faults"
        httpx.delete(url, trust_env=False).raise_for_status()

    def requests(self) -> Any:
        """What was asked of the vendors, in order."""
        return httpx.get(
            f"{self.sandbox.announcement.control_url}/requests", trust_env=False
        ).json()


@contextlib.asynccontextmanager
async def wizard_on(
    sandbox: Sandbox,
    home: Path,
    *,
    language: Language = Language.FR,
    size: tuple[int, int] = (80, 24),
    profile: str | None = None,
    regions: bool = False,
    environ: Mapping[str, str] = MappingProxyType({}),
) -> AsyncIterator[Wizard]:
    """Start the wizard on a sandbox; the same home carries on."""
    worlds = QuickWorlds(sandbox, home, regions=regions, environ=environ)
    app = WatchedApp(worlds, language, profile=profile)
    async with app.run_test(size=size, notifications=True) as pilot:
        yield Wizard(app, pilot, sandbox)
