"""The Twilio credentials: pasted as they come, understood, and tried at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import on
from textual.widgets import Checkbox, Input, Select

from ava_setup.front.account import found
from ava_setup.front.regions import MAY_NOT_LINK, region_of_credentials
from ava_setup.front.storage import kept_where
from ava_setup.onboarding.credentials import (
    ApiKey,
    AuthToken,
    TwilioCredentials,
    read_account_sid,
    read_auth_token,
    read_key_secret,
    read_key_sid,
    understand,
)
from ava_setup.onboarding.state import TwilioAccess
from ava_setup.onboarding.steps import StepId, step
from ava_setup.tui.screens.form import FormScreen
from ava_setup.tui.widgets.field import Choice, ChoiceField, Field, SecretEntry
from ava_setup.tui.widgets.spoken import Line
from ava_setup.tui.widgets.spoken_checkbox import SpokenCheckbox
from ava_setup.words import NOTHING, _

if TYPE_CHECKING:
    from pydantic import SecretStr
    from textual.app import ComposeResult
    from textual.widget import Widget

    from ava_setup.onboarding.sources import OfferedKey
    from ava_setup.onboarding.state import State
    from ava_setup.tui.textual_defects import TextField

_TOKEN, _KEY = "token", "key"
_KINDS = {
    _TOKEN: _("Account SID and Auth Token (usual)"),
    _KEY: _("API key (SK…) and its secret"),
}


class TwilioScreen(FormScreen):
    """Two values to paste; nothing at all once they are known."""

    STEP = StepId.TWILIO
    CSS_PATH = ["form.tcss", "twilio.tcss"]

    def fields(self) -> ComposeResult:
        """Lay out the fields, below what is known to this computer already."""
        yield from self.offers(vapi=False)
        known = self.state.saved.twilio or TwilioAccess(account_sid="")
        yield ChoiceField(
            "twilio-kind",
            _("Connect with"),
            _KINDS,
            _KEY if known.key_sid else self.earlier("twilio-kind", _TOKEN),
        )
        yield Field(
            "account-sid",
            _("Account SID"),
            read=read_account_sid,
            value=self.earlier("account-sid") or known.account_sid,
            hint=_("console.twilio.com → Account Info. Starts with AC."),
        )
        yield SecretEntry(
            "auth-token",
            _("Auth Token"),
            read=self._read_token,
            hint=_("Right below the Account SID: press the eye or the copy sign."),
        )
        yield Field(
            "key-sid",
            _("API key SID"),
            read=read_key_sid,
            value=self.earlier("key-sid") or known.key_sid,
            hint=_("console.twilio.com → Account → API keys & tokens. Starts with SK."),
        )
        yield SecretEntry(
            "key-secret",
            _("API key secret"),
            read=self._read_secret,
            hint=_("Shown once by Twilio, when the key is made."),
        )
        yield SpokenCheckbox(
            _("Give Vapi a key of its own, which you can withdraw, not the token"),
            value=self.state.saved.own_key,
            id="own-key",
        )
        yield Line(id="found")
        yield Line(id="region")
        yield Line(id="kept-where")

    def made_of(self) -> tuple[object, ...]:
        """Give what it is laid out from."""
        saved = self.state.saved
        return *super().made_of(), self.found_here(vapi=False), saved.twilio, saved.own_key

    def draw(self) -> None:
        """Show the fields of the kind that is chosen."""
        super().draw()
        self._show_kind()

    @property
    def _uses_key(self) -> bool:
        return self.query_one("#twilio-kind", Choice).chosen == _KEY

    @on(Select.Changed, "#twilio-kind")
    def _show_kind(self) -> None:
        for name in ("auth-token", "key-sid", "key-secret"):
            self.query_one(f"#{name}-field").display = (name == "auth-token") != self._uses_key
        self.query_one("#own-key").display = not self._uses_key

    def show_state(self, state: State) -> None:
        """Say what is known of the account."""
        super().show_state(state)
        known = step(self.STEP).holds(state)
        account = state.live.account
        line = found(account, state.live.numbers) if known and account else NOTHING
        if known and account is None:
            line = _("✓ Credentials are known. Paste others only to change them.")
        access = state.saved.twilio
        region = region_of_credentials(access.region) if known and access else NOTHING
        self.query_one("#found", Line).tell(line)
        self.query_one("#region", Line).tell(region)
        # There is room for one of them.
        self.query_one("#kept-where").display = not region
        self.query_one("#kept-where", Line).tell(kept_where(state.live.vault))

    # Understanding what is pasted

    def take_paste(self, field: TextField, text: str) -> str | None:
        """Put each piece of a paste where it belongs; secrets never stay in a visible field."""
        pasted = understand(text)
        if field.id == "key-secret" and not (pasted.account_sid or pasted.key_sid):
            return super().take_paste(field, text)
        pieces = {
            "account-sid": pasted.account_sid,
            "key-sid": pasted.key_sid,
            "auth-token": pasted.secret,
            "key-secret": pasted.key_secret,
        }
        if not any(pieces.values()):
            return super().take_paste(field, text)
        if pasted.key_sid and (pasted.key_secret or not pasted.secret):
            self.query_one("#twilio-kind", Choice).value = _KEY
        for name, piece in pieces.items():
            if piece:
                self._field(name).put(piece)
        if any(piece and name != field.id for name, piece in pieces.items()):
            self._field(str(field.id)).relieve(_("Each value was put in its own field."))
        self.call_after_refresh(self._lead_on)
        return None

    def _lead_on(self) -> None:
        """Lead to what is still to be pasted; when nothing is, Enter goes on."""
        shown = [field for field in self._fields() if field.display]
        wanting = [field for field in shown if field.wants_attention]
        (wanting or shown[-1:])[0].entry.focus()

    @on(Input.Changed, "#account-sid")
    def _move_what_is_not_a_sid(self, event: Input.Changed) -> None:
        """Take a token or a key typed in the account's field where it belongs, at once."""
        if event.value.startswith("AC"):
            return
        pasted = understand(event.value)
        if pasted.key_sid:
            self.query_one("#twilio-kind", Choice).value = _KEY
            self._field("key-sid").put(pasted.key_sid)
            self._field("account-sid").put("")
            self._field("account-sid").relieve(
                _("That was an API key: it is below. Now the Account SID, which starts with AC.")
            )
        elif pasted.secret:
            self._field("auth-token").put(pasted.secret)
            self._field("account-sid").put("")
            self._field("account-sid").relieve(
                _("That was the Auth Token: it is below. Now the SID, which starts with AC.")
            )

    @on(Input.Changed, "#auth-token")
    def _move_a_sid(self, event: Input.Changed) -> None:
        """Take a SID typed in the token's field where it belongs, at once."""
        pasted = understand(event.value)
        if pasted.account_sid:
            self._field("account-sid").put(pasted.account_sid)
            self._field("auth-token").put("")
            self._field("auth-token").relieve(
                _("That was the Account SID: it is above. Now the token.")
            )

    def _field(self, name: str) -> Field[object]:
        return cast("Field[object]", self.query_one(f"#{name}-field", Field))

    # Going on

    def _is_unchanged(self) -> bool:
        """Whether the known credentials are still the ones meant."""
        access = self.state.saved.twilio
        if access is None or not step(self.STEP).holds(self.state):
            return False
        return (
            self._field("account-sid").typed in {access.account_sid, ""}
            and self._uses_key == bool(access.key_sid)
            and (not self._uses_key or self._field("key-sid").typed in {access.key_sid, ""})
        )

    def _read_token(self, typed: str) -> SecretStr | bool:
        return True if not typed and self._is_unchanged() else read_auth_token(typed)

    def _read_secret(self, typed: str) -> SecretStr | bool:
        return True if not typed and self._is_unchanged() else read_key_secret(typed)

    def _is_entry(self, widget: Widget) -> bool:
        """Leave the tick out: Enter in the last field goes on."""
        return super()._is_entry(widget) and widget.id != "own-key"

    async def proceed(self) -> None:
        """Try the credentials at Twilio, unless they are known."""
        secret = self.value_of("key-secret" if self._uses_key else "auth-token")
        await self._note_wish(is_token=not self._uses_key)
        if secret is not True:
            await self.setup.take_twilio(self._credentials(secret))
            for name in ("auth-token", "key-secret"):
                self._field(name).put("")
            await self.took_keys()
        self.go_on()

    async def took_keys(self) -> None:
        """Say where they are good, where Vapi may not take numbers from there."""
        access = self.state.saved.twilio
        region = region_of_credentials(access.region) if access else NOTHING
        if region:
            self.wizard.toast(region, more=MAY_NOT_LINK)

    async def use_offered(self, offer: OfferedKey) -> None:
        """Note what is wished for besides, then take the keys."""
        await self._note_wish(is_token=not offer.key_sid)
        await super().use_offered(offer)

    async def _note_wish(self, *, is_token: bool) -> None:
        """Note whether a key is to take the token's place in the end."""
        wanted = is_token and self.query_one("#own-key", Checkbox).value
        await self.setup.want_key(wanted=wanted)

    def _credentials(self, secret: SecretStr) -> TwilioCredentials:
        account_sid = self.value_of("account-sid")
        if self._uses_key:
            return ApiKey(
                account_sid=account_sid, key_sid=self.value_of("key-sid"), key_secret=secret
            )
        return AuthToken(account_sid=account_sid, auth_token=secret)
