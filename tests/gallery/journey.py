"""The way to the first call, drawn on each step, with what lies beside it in one size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Button, Select

from ava_setup.onboarding.review_rows import RowId
from ava_setup.sandbox import Sandbox
from ava_setup.tui.looks import Look
from ava_setup.words import NOTHING, Language
from tests.canaries import WRONG_VAPI_KEY
from tests.gallery.camera import Camera
from tests.gallery.frame import SMALL, Frame
from tests.journey.wizard import wizard_on

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journey.wizard import Wizard

STEPS = (
    "01-welcome",
    "02-business",
    "03-vapi",
    "04-assistant",
    "05-twilio",
    "06-number",
    "07-review",
    "08-proof",
    "09-answered",
)
BESIDE = (
    "10-field-error",
    "11-refused-key",
    "12-no-network",
    "15-instructions",
    "16-example-call",
    "17-handover",
    "18-change",
    "19-undo",
    "22-help",
    "23-palette",
)
# One picture is enough of the themes that are not ours, or that few wear.
_RARE = {Language.FR: Look.CONTRAST, Language.EN: Look.ANSI}


def has_more(frame: Frame) -> bool:
    """Whether what lies beside the steps is drawn too."""
    return frame.size == SMALL and frame.look is Look.DARK


def files(frame: Frame) -> set[str]:
    """Name the files of a journey."""
    found = {frame.file(subject) for subject in STEPS}
    if has_more(frame):
        found |= {frame.file(subject) for subject in BESIDE}
        found.add(frame.file("07-review", _RARE[frame.language]))
    return found


async def draw(frame: Frame, home: Path) -> dict[str, str]:
    """Walk the whole way, and draw each step."""
    with Sandbox(scenario="fresh") as sandbox:
        async with wizard_on(
            sandbox, home, language=frame.language, size=frame.size, regions=True
        ) as wizard:
            walk = _Walk(wizard, frame)
            await walk.business()
            await walk.vapi()
            await walk.assistant()
            await walk.twilio()
            await walk.review()
            await walk.proof()
            return walk.camera.taken


class _Walk:
    def __init__(self, wizard: Wizard, frame: Frame) -> None:
        self.camera = Camera(wizard, frame)
        self._wizard = wizard
        self._frame = frame
        self._has_more = has_more(frame)
        self._told = wizard.sandbox.announcement

    async def business(self) -> None:
        wizard = self._wizard
        await self.camera.take("01-welcome", "welcome", wizard.app.ready.is_set)
        await wizard.press("enter")
        await wizard.on("business")
        await wizard.type("business-name", "Plomberie Martin")
        if self._has_more:
            await self._beside_the_business()
        await wizard.type("email", "contact@plomberie-martin.example")
        trade = wizard.app.screen.query_one("#trade", Select)
        trade.focus()
        await wizard.press("right")
        await self.camera.take("02-business", "business", lambda: trade.value == "plumber")
        self._press("next")

    async def _beside_the_business(self) -> None:
        wizard = self._wizard
        await wizard.type("email", "contact@plomberie-martin")
        await wizard.press("enter")
        await self.camera.take("10-field-error", "business", lambda: wizard.is_wrong("email"))
        await self._over("f1", "22-help", "help")

    async def vapi(self) -> None:
        wizard = self._wizard
        await wizard.on("vapi")
        if self._has_more:
            await self._over("ctrl+p", "23-palette", "palette")
        await wizard.type("vapi-key", self._told.vapi_key)
        await self.camera.take(
            "03-vapi", "vapi", lambda: wizard.value("vapi-key") == self._told.vapi_key
        )
        if self._has_more:
            await self._beside_vapi()
        wizard.app.screen.query_one("#vapi-key").focus()
        await wizard.press("enter")

    async def _beside_vapi(self) -> None:
        wizard = self._wizard
        wizard.spoil("vapi", "GET", "/assistant", "reset", times=None)
        await wizard.press("enter")
        await self.camera.take("12-no-network", "vapi", lambda: wizard.notice)
        wizard.spoil_no_more()
        await wizard.type("vapi-key", WRONG_VAPI_KEY)
        await wizard.press("enter")
        await wizard.on("vapi")
        await self.camera.take("11-refused-key", "vapi", lambda: wizard.notice)
        await wizard.type("vapi-key", self._told.vapi_key)

    async def assistant(self) -> None:
        wizard = self._wizard
        await self.camera.take(
            "04-assistant",
            "assistant",
            lambda: wizard.app.setup.store.state.live.assistants is not None,
        )
        if self._has_more:
            await self._over("#instructions", "15-instructions", "instructions-page")
            await self._over("#example-button", "16-example-call", "example-call")
        self._press("next")

    async def twilio(self) -> None:
        wizard = self._wizard
        await wizard.on("twilio")
        await wizard.type("account-sid", self._told.twilio_account_sid)
        await wizard.type("auth-token", self._told.twilio_auth_token)
        await self.camera.take("05-twilio", "twilio", lambda: wizard.value("auth-token"))
        await wizard.press("enter")
        await self.camera.take(
            "06-number",
            "number",
            lambda: len(wizard.app.setup.store.state.live.numbers or ()) == 1,
        )
        await wizard.press("enter")

    async def review(self) -> None:
        writes = {RowId.ASSISTANT, RowId.NUMBER, RowId.CALLS}

        def is_read() -> bool:
            review = self._wizard.app.setup.store.state.live.review
            return review is not None and writes <= {row.id for row in review.writes}

        await self.camera.take("07-review", "review", is_read)
        if self._has_more:
            rare = _RARE[self._frame.language]
            await self.camera.take("07-review", "review", is_read, look=rare)
        await self._wizard.press("enter")

    async def proof(self) -> None:
        wizard = self._wizard
        setup = wizard.app.setup
        await self.camera.take(
            "08-proof", "proof", lambda: setup.saved.linked and not setup.saved.answered
        )
        assert wizard.call()["answered"]
        await wizard.until(lambda: setup.saved.answered, "the call")
        await wizard.until(lambda: wizard.app.screen.query_one("#said").display, "what was said")
        wizard.app.toast(NOTHING)
        await self.camera.take("09-answered", "proof")
        if self._has_more:
            await self._beside_the_proof()

    async def _beside_the_proof(self) -> None:
        wizard = self._wizard
        self._press("handover")
        await wizard.on("handover-question")
        await wizard.type("handover-file", "~/ava-plomberie-martin.html")
        await self.camera.take("17-handover", "handover-question")
        await wizard.press("escape")
        await self._over("#change", "18-change", "change")
        await wizard.press("f8")
        await self.camera.take(
            "19-undo", "undo", lambda: wizard.app.screen.query_one("#yes").display
        )

    async def _over(self, opened_by: str, subject: str, screen: str) -> None:
        """Draw a page that a key or a button opens, and close it."""
        below = self._wizard.app.screen
        if opened_by.startswith("#"):
            self._press(opened_by.removeprefix("#"))
        else:
            await self._wizard.press(opened_by)
        await self.camera.take(subject, screen)
        await self._wizard.press("escape")
        await self._wizard.until(lambda: self._wizard.app.screen is below, "the page below")

    def _press(self, button: str) -> None:
        """Press a button without the mouse: what is below it would be drawn as pointed at."""
        self._wizard.app.screen.query_one(f"#{button}", Button).press()
