"""The Twilio credentials as questions: whatever is pasted goes where it belongs, unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import SecretStr

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
from ava_setup.onboarding.errors import FieldProblem
from ava_setup.onboarding.state import TwilioAccess
from ava_setup.onboarding.steps import StepId, step
from ava_setup.plain.offers import Offers
from ava_setup.plain.prompts import Asked
from ava_setup.plain.scene import in_turn
from ava_setup.words import NOTHING, _

if TYPE_CHECKING:
    from ava_setup.plain.scene import Scene

# What stands around the values where a block of Twilio's console was copied, line by line.
_CONSOLE_LABELS = frozenset(
    {"account info", "account sid", "auth token", "api key sid", "sid", "secret", "show", "hide"}
)


async def ask_twilio(scene: Scene) -> None:
    """Ask for the credentials, unless they are known and kept, and prove them.

    Raises:
        Back: `<` at the first question.
    """
    await in_turn(*_Credentials(scene).questions)


class _Credentials:
    """The questions, and what was pasted so far."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._known = scene.state.saved.twilio or TwilioAccess(account_sid="")
        self._holds = step(StepId.TWILIO).holds(scene.state)
        self._uses_key = bool(self._known.key_sid)
        self._account_sid = ""
        self._key_sid = self._known.key_sid or scene.earlier("key-sid")
        self._pasted: SecretStr | None = None
        self._offers = Offers(scene, vapi=False, wanted=not self._holds)
        self.questions = (
            self._offers.ask,
            self._ask_account,
            self._ask_key_sid,
            self._ask_secret,
            self._ask_own_key,
        )

    async def _ask_account(self) -> bool:
        self._pasted = None
        if self._offers.taken:
            return False
        scene = self._scene
        scene.talk.say(
            _("Paste the Account SID and the Auth Token, both at once or one after the other.")
        )
        earlier = scene.earlier("account-sid", self._known.account_sid)
        self._account_sid = await scene.ask(
            Asked(
                "account-sid",
                self._read_account,
                earlier,
                secret=True,
                passed_over=_CONSOLE_LABELS,
            )
        )
        await scene.keep("account-sid", self._account_sid)
        scene.talk.say(_("Account SID: {sid}", sid=self._account_sid))
        if self._is_pasted:
            scene.talk.say(_("The Auth Token was pasted with it."))
        return True

    @property
    def _is_pasted(self) -> bool:
        return self._pasted is not None

    def _read_account(self, typed: str) -> str:
        """Read the account's SID, and whatever was pasted around it."""
        pasted = understand(typed)
        if pasted.key_sid:
            self._uses_key, self._key_sid = True, pasted.key_sid
        if pasted.secret:
            self._pasted = SecretStr(pasted.secret)
            if not pasted.account_sid:
                raise FieldProblem(
                    _("The Auth Token is taken. Now the Account SID, which starts with AC.")
                )
        return read_account_sid(pasted.account_sid or typed)

    async def _ask_key_sid(self) -> bool:
        if self._offers.taken or not self._uses_key:
            return False
        asked = Asked("key-sid", self._read_key_sid, self._key_sid, secret=True)
        self._key_sid = await self._scene.ask(asked)
        await self._scene.keep("key-sid", self._key_sid)
        return True

    def _read_key_sid(self, typed: str) -> str:
        """Read a key's SID; an auth token takes its place."""
        if secret := understand(typed).secret:
            self._uses_key, self._pasted = False, SecretStr(secret)
            return ""
        return read_key_sid(typed)

    async def _ask_secret(self) -> bool:
        if self._offers.taken:
            return False
        if self._pasted is not None and not self._uses_key:
            await self._prove(self._pasted)
            return False
        scene = self._scene
        kept = _("the one that works") if self._is_unchanged else NOTHING
        if not self._uses_key:
            scene.talk.say(
                _("An API key instead of the token? Paste its SID, which starts with SK.")
            )
        scene.talk.say(kept_where(scene.state.live.vault))
        field_id = "key-secret" if self._uses_key else "auth-token"
        secret = await scene.ask(
            Asked(
                field_id,
                self._read_secret,
                kept=kept,
                secret=True,
                passed_over=_CONSOLE_LABELS,
            )
        )
        if isinstance(secret, str):
            self._uses_key, self._key_sid = True, secret
            await scene.keep("key-sid", secret)
            return await self._ask_secret()
        if secret is not None:
            await self._prove(secret)
        return True

    async def _ask_own_key(self) -> bool:
        """Offer to have a key made in the token's place, where the token is in use."""
        scene, access = self._scene, self._scene.state.saved.twilio
        _say_account(scene)
        if access is None or access.key_sid:
            return False
        question = _("Give Vapi a key of its own, which you can withdraw, not the token?")
        wants = scene.state.saved.own_key
        wanted = await scene.talk.confirm(question, usual=wants, field_id="own-key")
        await scene.setup.want_key(wanted=wanted)
        return True

    @property
    def _is_unchanged(self) -> bool:
        """Whether the known credentials are still the ones meant."""
        known = self._known
        key_sid = self._key_sid if self._uses_key else ""
        return self._holds and (self._account_sid, key_sid) == (known.account_sid, known.key_sid)

    def _read_secret(self, typed: str) -> SecretStr | str | None:
        """Read a secret; the SID of a key says that one is to be used, None that none is new."""
        if not typed and self._is_unchanged:
            return None
        if self._uses_key:
            return read_key_secret(typed)
        pasted = understand(typed)
        return pasted.key_sid or read_auth_token(pasted.secret or typed)

    async def _prove(self, secret: SecretStr) -> None:
        credentials: TwilioCredentials = (
            ApiKey(account_sid=self._account_sid, key_sid=self._key_sid, key_secret=secret)
            if self._uses_key
            else AuthToken(account_sid=self._account_sid, auth_token=secret)
        )
        self._pasted = None
        await self._scene.keep("twilio-kind", "key" if self._uses_key else "token")
        setup = self._scene.setup
        await self._scene.attempt(lambda: setup.take_twilio(credentials))
        await setup.read_balance()


def _say_account(scene: Scene) -> None:
    live, access = scene.state.live, scene.state.saved.twilio
    if live.account is not None:
        scene.talk.say(found(live.account, live.numbers))
    if access is not None and (region := region_of_credentials(access.region)):
        scene.talk.say(region)
        scene.talk.say(MAY_NOT_LINK)
