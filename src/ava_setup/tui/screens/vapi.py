"""The Vapi key: proven by one request, which also lists the assistants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.front.regions import region_of_key
from ava_setup.front.storage import kept_where
from ava_setup.onboarding.credentials import read_vapi_key
from ava_setup.onboarding.state import Region
from ava_setup.onboarding.steps import StepId, step
from ava_setup.tui.screens.form import FormScreen
from ava_setup.tui.widgets.field import SecretEntry
from ava_setup.tui.widgets.spoken import Line
from ava_setup.words import NOTHING, _, joined

if TYPE_CHECKING:
    from pydantic import SecretStr
    from textual.app import ComposeResult

    from ava_setup.onboarding.state import State


class VapiScreen(FormScreen):
    """One secret to paste; nothing at all once it is known."""

    STEP = StepId.VAPI
    CSS_PATH = ["form.tcss", "vapi.tcss"]

    def fields(self) -> ComposeResult:
        """Lay out the field, below what is known to this computer already."""
        yield from self.offers(vapi=True)
        yield SecretEntry(
            "vapi-key",
            _("Vapi private key"),
            read=self._read,
            hint=_("dashboard.vapi.ai → Organization → API Keys → Private. Paste it here."),
        )
        yield Line(id="known")
        yield Line(id="kept-where")

    def made_of(self) -> tuple[object, ...]:
        """Give what it is laid out from."""
        return *super().made_of(), self.found_here(vapi=True)

    def _read(self, typed: str) -> SecretStr | bool:
        """Read the key; an empty field is fine once a key is known."""
        if not typed and step(self.STEP).holds(self.state):
            return True
        return read_vapi_key(typed)

    def show_state(self, state: State) -> None:
        """Say whether a key is known, and where it is kept."""
        super().show_state(state)
        known = step(self.STEP).holds(state)
        region = state.saved.connection.region if state.saved.connection else Region.CUSTOM
        works = _("✓ A key is known and works. Paste another only to change it.")
        self.query_one("#known", Line).tell(
            joined(works, region_of_key(region)) if known else NOTHING
        )
        self.query_one("#kept-where", Line).tell(kept_where(state.live.vault))

    async def proceed(self) -> None:
        """Prove the key, unless it is known."""
        key = self.value_of("vapi-key")
        if key is not True:
            await self.setup.connect(key)
            await self.took_keys()
            self.query_one("#vapi-key-field", SecretEntry).put("")
        self.go_on()

    async def took_keys(self) -> None:
        """Say that the key is of Europe, where it is."""
        connection = self.state.saved.connection
        if connection is not None and connection.region is Region.EU:
            self.wizard.toast(region_of_key(connection.region))
