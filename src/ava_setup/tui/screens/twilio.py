"""The Twilio credentials: pasted as they come, understood, and tried at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import on
from textual.widgets import Checkbox, Input, Select

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
from ava_setup.onboarding.errors import ErrorCode, SetupError
from ava_setup.onboarding.state import TwilioAccess
from ava_setup.onboarding.steps import StepId, step
from ava_setup.tui.screens.form import FormScreen
from ava_setup.tui.widgets.account import found
from ava_setup.tui.widgets.field import Choice, ChoiceField, Field, Help, SecretEntry
from ava_setup.tui.widgets.regions import MAY_NOT_LINK, region_of_credentials
from ava_setup.tui.widgets.spoken import Line, SpokenCheckbox
from ava_setup.tui.widgets.storage import kept_where
from ava_setup.words import NOTHING, _

if TYPE_CHECKING:
    from pydantic import SecretStr
    from textual.app import ComposeResult
    from textual.widget import Widget

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
        """Lay out the fields."""
        where = _("console.twilio.com, Account Info, on the first page.")
        known = self.state.saved.twilio or TwilioAccess(account_sid="")
        yield ChoiceField(
            "twilio-kind",
            _("Connect with"),
            _KINDS,
            self.earlier("twilio-kind", _KEY if known.key_sid else _TOKEN),
            help_=Help(
                _("Which pair of Twilio's you use. The first is the usual one."),
                _("Left and right arrows change it."),
            ),
        )
        yield Field(
            "account-sid",
            _("Account SID"),
            read=read_account_sid,
            value=self.earlier("account-sid") or known.account_sid,
            hint=_("console.twilio.com → Account Info. Starts with AC."),
            help_=Help(
                _("Your Twilio account's number: not a secret."), where, _("AC and 32 characters")
            ),
        )
        yield SecretEntry(
            "auth-token",
            _("Auth Token"),
            read=self._read_token,
            hint=_("Right below the Account SID: press the eye or the copy sign."),
            help_=Help(
                _("Your Twilio account's secret. It goes to Twilio, and to Vapi for the number."),
                where,
                _("32 characters"),
            ),
        )
        yield Field(
            "key-sid",
            _("API key SID"),
            read=read_key_sid,
            value=self.earlier("key-sid") or known.key_sid,
            hint=_("console.twilio.com → Account → API keys & tokens. Starts with SK."),
            help_=Help(
                _("The name of an API key: it can be withdrawn without changing the token."),
                _("console.twilio.com, Account, API keys & tokens."),
                _("SK and 32 characters"),
            ),
        )
        yield SecretEntry(
            "key-secret",
            _("API key secret"),
            read=self._read_secret,
            hint=_("Shown once by Twilio, when the key is made."),
            help_=Help(
                _("The key's secret. It goes to Twilio, and to Vapi for the number."),
                _("Shown once, when the key is made. Lost it? Make another key."),
            ),
        )
        yield SpokenCheckbox(
            _("Give Vapi a key of its own, which you can withdraw, not the token"), id="own-key"
        )
        yield Line(id="found")
        yield Line(id="region")
        yield Line(id="kept-where")

    def on_mount(self) -> None:
        """Show the fields of the kind that is chosen."""
        super().on_mount()
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
        }
        if not any(pieces.values()):
            return super().take_paste(field, text)
        if pieces["key-sid"]:
            self.query_one("#twilio-kind", Choice).value = _KEY
        for name, piece in pieces.items():
            if piece:
                self._field(name).put(piece)
        if any(piece and name != field.id for name, piece in pieces.items()):
            self._field(str(field.id)).relieve(_("Each value was put in its own field."))
        return None

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
        if secret is not True:
            await self.setup.check_twilio(self._credentials(secret))
            for name in ("auth-token", "key-secret"):
                self._field(name).put("")
            self._say_region()
        if not self._uses_key and self.query_one("#own-key", Checkbox).value:
            await self._make_own_key()
        self.go_on()

    def _say_region(self) -> None:
        access = self.state.saved.twilio
        region = region_of_credentials(access.region) if access else NOTHING
        if region:
            self.wizard.toast(region, more=MAY_NOT_LINK)

    async def _make_own_key(self) -> None:
        """Have Twilio make a key that takes the token's place; refused, the token stays."""
        try:
            await self.setup.make_key()
        except SetupError as error:
            if error.code is not ErrorCode.TWILIO_KEY_REFUSED:
                raise
            self.wizard.toast(error.problem.what, more=_("The auth token stays in use."))
            return
        access = self.state.saved.twilio
        self.query_one("#twilio-kind", Choice).value = _KEY
        self._field("key-sid").put(access.key_sid if access else "")
        await self.keep_typed()
        self.wizard.toast(_("Done: a key is in use, and the token is forgotten here."))

    def _credentials(self, secret: SecretStr) -> TwilioCredentials:
        account_sid = self.value_of("account-sid")
        if self._uses_key:
            return ApiKey(
                account_sid=account_sid, key_sid=self.value_of("key-sid"), key_secret=secret
            )
        return AuthToken(account_sid=account_sid, auth_token=secret)
