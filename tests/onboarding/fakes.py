"""Stand-ins for the engine's ports: two scripted vendors, true to the contract, and a store."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, TypeVar

from pydantic import SecretStr

from ava_setup.onboarding.assistant import (
    Assistant,
    AssistantDraft,
    AssistantMends,
    Opening,
    VoiceId,
)
from ava_setup.onboarding.calls import Call, CallFailure, TwilioCall
from ava_setup.onboarding.credentials import (
    AccountKind,
    AccountStatus,
    ApiKey,
    AuthToken,
    Balance,
    MadeKey,
    SecretName,
    TwilioAccount,
    TwilioKey,
    TwilioRegion,
    secret_of,
)
from ava_setup.onboarding.errors import (
    Ambiguous,
    CredentialsRefused,
    ErrorCode,
    Evidence,
    Hidden,
    NotFound,
    NumberExists,
    Rejected,
    StoreError,
    Vendor,
    VendorDown,
    VendorError,
)
from ava_setup.onboarding.number import SubaccountHit, TwilioNumber, TwimlApp, VapiNumber
from ava_setup.onboarding.profile import CallersLanguage, Profile
from ava_setup.onboarding.setup import Setup
from ava_setup.onboarding.state import (
    ChosenAssistant,
    ChosenNumber,
    Connection,
    Region,
    Saved,
    State,
    TwilioAccess,
)
from ava_setup.store.vault import LocalVault
from tests import canaries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from ava_setup.onboarding.credentials import TwilioCredentials
    from ava_setup.onboarding.undo_steps import Holder, Webhooks

T = TypeVar("T")

NUMBER = "+33199001234"
SID = f"PN{'0' * 32}"
ACCOUNT_SID = f"AC{'0' * 32}"
KEY_SID = f"SK{'0' * 32}"
VAPI_KEY = canaries.VAPI_KEY
AUTH_TOKEN = canaries.AUTH_TOKEN
KEY_SECRET = canaries.KEY_SECRET
TOKEN_PAIR = AuthToken(account_sid=ACCOUNT_SID, auth_token=SecretStr(AUTH_TOKEN))
API_KEY = ApiKey(account_sid=ACCOUNT_SID, key_sid=KEY_SID, key_secret=SecretStr(KEY_SECRET))

DEMO = "https://demo.twilio.com/welcome/voice/"
WEBHOOK = "https://api.vapi.ai/twilio/inbound_call"

BUSINESS_ID = "b" * 32
PROFILE = Profile(
    business_id=BUSINESS_ID,
    business_name="Martin Plomberie",
    admin_email="contact@example.fr",
    opening_hours="8h-18h",
)
AVA = Assistant("ava", "Ava", "2026-01-02T00:00:00.000Z", business_id=BUSINESS_ID)
OTHER = Assistant("other", "Standard", "2026-01-03T00:00:00.000Z")
AT_TWILIO = TwilioNumber(SID, NUMBER, voice_url=DEMO, sms_url="https://sms.example/")
ACCOUNT = TwilioAccount(
    ACCOUNT_SID, "Martin Plomberie", AccountStatus.ACTIVE, AccountKind.FULL, "12.40 USD"
)


def draft(name: str = "Ava", create_id: str = "") -> AssistantDraft:
    return AssistantDraft(
        name=name,
        greeting="Bonjour, ici Ava, l'assistante automatique de Martin Plomberie.",
        instructions="Réponds aux appels.",
        voice=VoiceId.CLARA,
        recorded=False,
        language=CallersLanguage.FR_FR,
        admin_email=PROFILE.admin_email,
        business_id=BUSINESS_ID,
        create_id=create_id,
    )


def at_vapi(**fields: str | None) -> VapiNumber:
    known = VapiNumber("number", NUMBER, "twilio", "active")
    return replace(known, **fields)  # type: ignore[arg-type] # every field changed is one of text


# Errors as the clients raise them.


def timed_out(vendor: Vendor = Vendor.VAPI) -> VendorError:
    return Ambiguous(ErrorCode.TIMED_OUT, vendor)


def down(vendor: Vendor = Vendor.VAPI) -> VendorError:
    return VendorDown(ErrorCode.VENDOR_DOWN, vendor, evidence=Evidence(vendor, 503))


def unreachable(vendor: Vendor = Vendor.VAPI) -> VendorError:
    return VendorError(ErrorCode.UNREACHABLE, vendor)


def rejected(code: ErrorCode = ErrorCode.REJECTED) -> VendorError:
    return Rejected(code, Vendor.VAPI, evidence=Evidence(Vendor.VAPI, 400), words="no")


def refused_key() -> VendorError:
    return CredentialsRefused(
        ErrorCode.VAPI_KEY_REFUSED, Vendor.VAPI, evidence=Evidence(Vendor.VAPI, 401)
    )


def not_found(vendor: Vendor = Vendor.VAPI) -> VendorError:
    return NotFound(ErrorCode.NOT_FOUND, vendor, evidence=Evidence(vendor, 404))


def hidden() -> VendorError:
    return Hidden(ErrorCode.TWILIO_HIDDEN, Vendor.TWILIO, evidence=Evidence(Vendor.TWILIO, 401))


class Fault:
    """What goes wrong with one request.

    Args:
        error: Raised in place of the answer; None never answers at all.
        done: Whether the work was done all the same.
    """

    def __init__(self, error: VendorError | None, *, done: bool = False) -> None:
        self.error = error
        self.done = done


class Scripted:
    """A vendor whose requests fail as scripted, by method name, then work.

    Attributes:
        before: What happens when a request arrives, by method name.
        hanging: Set when a request has come that is never answered.
        closed: Whether the connections are closed.
    """

    def __init__(self) -> None:
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self.before: dict[str, Callable[[], None]] = {}
        self.hanging = asyncio.Event()
        self.closed = False

    def fail(self, request: str, error: VendorError, *, done: bool = False, times: int = 1) -> None:
        self._faults[request].extend([Fault(error, done=done)] * times)

    def hang(self, request: str, *, done: bool) -> None:
        self._faults[request].append(Fault(None, done=done))

    def mend(self) -> None:
        """Let everything work again."""
        self._faults.clear()
        self.before.clear()

    async def aclose(self) -> None:
        self.closed = True

    async def _answer(self, request: str, work: Callable[[], T]) -> T:
        await asyncio.sleep(0)
        if request in self.before:
            self.before[request]()
        if not self._faults[request]:
            return work()
        fault = self._faults[request].popleft()
        if fault.done:
            work()
        if fault.error is None:
            self.hanging.set()
            await asyncio.Event().wait()
        assert fault.error is not None
        raise fault.error


class FakeTwilio(Scripted):
    """One account at Twilio.

    Attributes:
        region: Where its credentials are good.
        processed_in: The region in which calls are processed; "" cannot be told.
        applications: Its TwiML apps, by SID.
        calls: Its log, newest first.
        failures: Its debugger, newest first.
        keys: Its API keys, by SID, and their secrets.
        makes_keys: Whether it lets keys be made.
        subaccounts: What its sub-accounts hold.
    """

    def __init__(
        self, *numbers: TwilioNumber, account: TwilioAccount = ACCOUNT, secret: str = AUTH_TOKEN
    ) -> None:
        super().__init__()
        self.numbers = {one.number: one for one in numbers or (AT_TWILIO,)}
        self.account = account
        self.secret = secret
        self.region = TwilioRegion.US1
        self.processed_in = "us1"
        self.applications: dict[str, TwimlApp] = {}
        self.calls: list[TwilioCall] = []
        self.failures: list[CallFailure] = []
        self.keys: dict[str, tuple[TwilioKey, str]] = {}
        self.makes_keys = True
        self._places = count(1)
        self.subaccounts: tuple[SubaccountHit, ...] = ()

    def knows(self, credentials: TwilioCredentials, region: TwilioRegion) -> bool:
        """Whether these credentials are good here."""
        good = {self.secret, *(secret for _key, secret in self.keys.values())}
        return region is self.region and secret_of(credentials).get_secret_value() in good

    async def read_account(self) -> TwilioAccount:
        def read() -> TwilioAccount:
            return replace(self.account, balance="", balance_amount=None, currency="")

        return await self._answer("read_account", read)

    async def read_balance(self) -> Balance | None:
        account = self.account
        left = Balance(account.balance, account.balance_amount, account.currency)
        return await self._answer("read_balance", lambda: left if left.words else None)

    async def list_numbers(self) -> tuple[TwilioNumber, ...]:
        return await self._answer("list_numbers", lambda: tuple(self.numbers.values()))

    async def find_number(self, number: str) -> TwilioNumber | None:
        return await self._answer("find_number", lambda: self.numbers.get(number))

    async def point_number(self, sid: str, webhooks: Webhooks) -> TwilioNumber:
        def point() -> TwilioNumber:
            number = next(one.number for one in self.numbers.values() if one.sid == sid)
            fields = {
                name: value
                for name in webhooks.__slots__
                if (value := getattr(webhooks, name)) is not None
            }
            if fields.get("trunk_sid"):
                fields["application_sid"] = ""
            elif fields.get("application_sid"):
                fields["trunk_sid"] = ""
            self.point(number, **fields)
            return self.numbers[number]

        return await self._answer("point_number", point)

    async def find_in_subaccounts(self, number: str) -> SubaccountHit | None:
        def find() -> SubaccountHit | None:
            return next((one for one in self.subaccounts if one.number.number == number), None)

        return await self._answer("find_in_subaccounts", find)

    async def read_application(self, sid: str) -> TwimlApp:
        def read() -> TwimlApp:
            if sid not in self.applications:
                raise not_found(Vendor.TWILIO)
            return self.applications[sid]

        return await self._answer("read_application", read)

    async def list_calls(
        self, number: str, *, since: datetime, limit: int
    ) -> tuple[TwilioCall, ...]:
        def listed() -> tuple[TwilioCall, ...]:
            found = [one for one in self.calls if one.called == number]
            return tuple(one for one in found if one.at is None or one.at >= since)[:limit]

        return await self._answer("list_calls", listed)

    async def list_failures(
        self, *, since: datetime, call_sid: str = ""
    ) -> tuple[CallFailure, ...]:
        def listed() -> tuple[CallFailure, ...]:
            found = [one for one in self.failures if call_sid in {"", one.call_sid}]
            return tuple(one for one in found if one.at is None or one.at >= since)

        return await self._answer("list_failures", listed)

    async def voice_region(self, number: str) -> str:
        del number
        return await self._answer("voice_region", lambda: self.processed_in)

    async def create_key(self, name: str) -> MadeKey:
        def create() -> MadeKey:
            if not self.makes_keys:
                raise Rejected(
                    ErrorCode.TWILIO_KEY_REFUSED,
                    Vendor.TWILIO,
                    evidence=Evidence(Vendor.TWILIO, 401, "20003"),
                )
            place = next(self._places)
            key, secret = TwilioKey(f"SK{place:032}", name), f"{KEY_SECRET}{place}"
            self.keys[key.sid] = key, secret
            return MadeKey(key.sid, SecretStr(secret))

        return await self._answer("create_key", create)

    async def list_keys(self, name: str = "") -> tuple[TwilioKey, ...]:
        def listed() -> tuple[TwilioKey, ...]:
            return tuple(key for key, _secret in self.keys.values() if name in {"", key.name})

        return await self._answer("list_keys", listed)

    async def delete_key(self, sid: str) -> None:
        def delete() -> None:
            if self.keys.pop(sid, None) is None:
                raise not_found(Vendor.TWILIO)

        await self._answer("delete_key", delete)

    def point(self, number: str, **fields: str) -> None:
        self.numbers[number] = replace(self.numbers[number], **fields)  # type: ignore[arg-type]


class FakeVapi(Scripted):
    """One organisation at Vapi, with its hand on the numbers of an account at Twilio.

    Attributes:
        used_elsewhere: Numbers that are said to be another organisation's.
        masks: Whether lists hide the middle of numbers.
        rewrites: Whether an import points the number at Vapi.
        empties: Whether a deletion empties the number's webhooks at Twilio.
        mends: Whether what it says to have changed in an assistant is changed.
        activation: How many reads a fresh number stays `activating` for.
    """

    def __init__(
        self,
        twilio: FakeTwilio,
        assistants: Iterable[Assistant] = (),
        numbers: Iterable[VapiNumber] = (),
        *,
        key: str = VAPI_KEY,
    ) -> None:
        super().__init__()
        self._twilio = twilio
        self.assistants = {one.id: one for one in assistants}
        self.numbers = {one.id: one for one in numbers}
        self.calls: list[Call] = []
        self.key = key
        self.used_elsewhere: set[str] = set()
        self.masks = False
        self.rewrites = True
        self.empties = False
        self.mends = True
        self.activation = 0
        self._moments = (f"2026-02-01T00:00:{second:02}.000Z" for second in count(1))

    async def list_assistants(self) -> tuple[Assistant, ...]:
        return await self._answer("list_assistants", lambda: tuple(self.assistants.values()))

    async def read_assistant(self, assistant_id: str) -> Assistant:
        def read() -> Assistant:
            if assistant_id not in self.assistants:
                raise not_found()
            return self.assistants[assistant_id]

        return await self._answer("read_assistant", read)

    async def create_assistant(self, draft: AssistantDraft) -> Assistant:
        def create() -> Assistant:
            made = self._made_of(draft, f"made-{len(self.assistants) + 1}", next(self._moments))
            self.assistants[made.id] = made
            return made

        return await self._answer("create_assistant", create)

    async def update_assistant(self, assistant_id: str, draft: AssistantDraft) -> Assistant:
        def update() -> Assistant:
            earlier = self.assistants[assistant_id]
            self.assistants[assistant_id] = self._made_of(draft, earlier.id, earlier.created_at)
            return self.assistants[assistant_id]

        return await self._answer("update_assistant", update)

    async def mend_assistant(self, assistant_id: str, mends: AssistantMends) -> Assistant:
        return await self._answer("mend_assistant", lambda: self._mended(assistant_id, mends))

    async def read_settings(self, assistant_id: str, mends: AssistantMends) -> str:
        def read() -> str:
            if assistant_id not in self.assistants:
                raise not_found()
            now = self.assistants[assistant_id]
            settings: dict[str, object] = {}
            if mends.quiet is not None:
                settings["is_quiet"] = now.is_quiet
            if mends.opening_words is not None:
                settings |= {"first_message": now.first_message, "opening": now.opening.value}
            if mends.language is not None:
                settings["voice_languages"] = sorted(now.voice_languages or ())
                settings["heard_languages"] = sorted(now.heard_languages or ())
            return json.dumps(settings)

        return await self._answer("read_settings", read)

    async def put_settings_back(self, assistant_id: str, settings: str) -> Assistant:
        def put() -> Assistant:
            if assistant_id not in self.assistants:
                raise not_found()
            earlier = json.loads(settings)
            for name in ("voice_languages", "heard_languages"):
                if name in earlier:
                    earlier[name] = frozenset(earlier[name]) or None
            if "opening" in earlier:
                earlier["opening"] = Opening(earlier["opening"])
            self.assistants[assistant_id] = replace(self.assistants[assistant_id], **earlier)
            return self.assistants[assistant_id]

        return await self._answer("put_settings_back", put)

    def _mended(self, assistant_id: str, mends: AssistantMends) -> Assistant:
        if assistant_id not in self.assistants:
            raise not_found()
        changes: dict[str, object] = {
            "is_quiet": mends.quiet,
            "first_message": mends.opening_words,
            "opening": None if mends.opening_words is None else Opening.SAYS,
            "voice_languages": mends.language and mends.language.spoken,
            "heard_languages": mends.language and mends.language.spoken,
            "webhook_url": mends.webhook_url,
            "admin_email": mends.admin_email,
            "name": mends.name,
            "instructions": mends.instructions,
        }
        named = {name: value for name, value in changes.items() if value is not None}
        mended = replace(self.assistants[assistant_id], **named)  # type: ignore[arg-type]
        if self.mends:
            self.assistants[assistant_id] = mended
        return mended

    def _made_of(self, draft: AssistantDraft, assistant_id: str, at: str) -> Assistant:
        return Assistant(
            id=assistant_id,
            name=draft.name,
            created_at=at,
            first_message=draft.first_message,
            org_id="org",
            business_id=draft.business_id,
            create_id=draft.create_id,
            admin_email=draft.admin_email,
            voice_languages=draft.language.spoken,
            heard_languages=draft.language.spoken,
            is_quiet=True,
            is_recorded=draft.recorded,
            webhook_url=draft.webhook_url,
            instructions=draft.instructions,
        )

    async def list_numbers(self) -> tuple[VapiNumber, ...]:
        def listed() -> tuple[VapiNumber, ...]:
            if not self.masks:
                return tuple(self.numbers.values())
            return tuple(
                replace(one, number=f"{one.number[:4]}****{one.number[-4:]}")
                for one in self.numbers.values()
            )

        return await self._answer("list_numbers", listed)

    async def read_number(self, phone_number_id: str) -> VapiNumber:
        def read() -> VapiNumber:
            number = self.numbers.get(phone_number_id)
            if number is None:
                raise not_found()
            if number.status == "activating":
                self.activation -= 1
                if not self.activation:
                    self.numbers[number.id] = replace(number, status="active")
            return number

        return await self._answer("read_number", read)

    async def import_number(
        self,
        number: str,
        credentials: TwilioCredentials,
        *,
        assistant_id: str,
        name: str,
        fallback: str = "",
    ) -> VapiNumber:
        def import_it() -> VapiNumber:
            if assistant_id not in self.assistants:
                raise rejected(ErrorCode.ASSISTANT_GONE)
            for one in self.numbers.values():
                if one.number == number:
                    raise NumberExists(one.id, evidence=Evidence(Vendor.VAPI, 400))
            if number in self.used_elsewhere:
                raise rejected(ErrorCode.NUMBER_IN_OTHER_ORG)
            made = VapiNumber(
                id=f"imported-{len(self.numbers) + 1}",
                number=number,
                provider="twilio",
                status="activating" if self.activation else "active",
                assistant_id=assistant_id,
                name=name,
                updated_at=next(self._moments),
                fallback_number=fallback,
                twilio_account_sid=credentials.account_sid,
            )
            self.numbers[made.id] = made
            if self.rewrites:
                self._twilio.point(number, voice_url=WEBHOOK, voice_method="POST")
            return made

        return await self._answer("import_number", import_it)

    async def link_number(
        self, phone_number_id: str, *, assistant_id: str, clears: tuple[str, ...]
    ) -> VapiNumber:
        def link() -> VapiNumber:
            cleared = {{"squadId": "squad_id", "workflowId": "workflow_id"}[one] for one in clears}
            self.numbers[phone_number_id] = replace(
                self.numbers[phone_number_id],
                assistant_id=assistant_id,
                updated_at=next(self._moments),
                **dict.fromkeys(cleared),  # type: ignore[arg-type]
            )
            return self.numbers[phone_number_id]

        return await self._answer("link_number", link)

    async def hand_back_number(self, phone_number_id: str, holder: Holder) -> VapiNumber:
        def hand_back() -> VapiNumber:
            self.numbers[phone_number_id] = replace(
                self.numbers[phone_number_id],
                assistant_id=holder.assistant_id or None,
                squad_id=holder.squad_id or None,
                workflow_id=holder.workflow_id or None,
            )
            return self.numbers[phone_number_id]

        return await self._answer("hand_back_number", hand_back)

    async def set_fallback(self, phone_number_id: str, number: str) -> VapiNumber:
        def set_it() -> VapiNumber:
            if phone_number_id not in self.numbers:
                raise not_found()
            changed = replace(self.numbers[phone_number_id], fallback_number=number)
            self.numbers[phone_number_id] = changed
            return changed

        return await self._answer("set_fallback", set_it)

    async def delete_number(self, phone_number_id: str) -> None:
        def delete() -> None:
            number = self.numbers.pop(phone_number_id, None)
            if number is None:
                raise not_found()
            if self.empties:
                self._twilio.point(number.number, voice_url="", status_callback="")

        await self._answer("delete_number", delete)

    async def delete_assistant(self, assistant_id: str) -> None:
        def delete() -> None:
            if self.assistants.pop(assistant_id, None) is None:
                raise not_found()

        await self._answer("delete_assistant", delete)

    async def list_calls(self, phone_number_id: str, *, limit: int) -> tuple[Call, ...]:
        del phone_number_id
        return await self._answer("list_calls", lambda: tuple(self.calls[-limit:]))

    async def read_call(self, call_id: str) -> Call:
        def read() -> Call:
            found = next((one for one in self.calls if one.id == call_id), None)
            if found is None:
                raise not_found()
            return found

        return await self._answer("read_call", read)

    async def place_call(self, assistant_id: str, phone_number_id: str, callee: str) -> Call:
        def place() -> Call:
            if assistant_id not in self.assistants:
                raise rejected(ErrorCode.ASSISTANT_GONE)
            if phone_number_id not in self.numbers:
                raise rejected(ErrorCode.CALL_REFUSED)
            placed = Call(
                id=f"placed-{len(self.calls) + 1}",
                kind="outboundPhoneCall",
                status="queued",
                created_at=next(self._moments),
                caller=callee,
                assistant_id=assistant_id,
            )
            self.calls.append(placed)
            return placed

        return await self._answer("place_call", place)


class FakeVendors:
    """Makes clients: those of the regions' organisations, and of one account."""

    def __init__(self, twilio: FakeTwilio, vapis: dict[Region, FakeVapi]) -> None:
        self._twilio = twilio
        self._vapis = vapis

    @property
    def vapi_regions(self) -> tuple[Region, ...]:
        return tuple(self._vapis)

    def vapi(self, key: SecretStr, region: Region) -> FakeVapi:
        vapi = self._vapis[region]
        vapi.closed = False
        if key.get_secret_value() != vapi.key:
            vapi.fail("list_assistants", refused_key())
        return vapi

    @property
    def twilio_regions(self) -> tuple[TwilioRegion, ...]:
        return TwilioRegion.US1, TwilioRegion.IE1, TwilioRegion.AU1

    def twilio(
        self, credentials: TwilioCredentials, region: TwilioRegion = TwilioRegion.US1
    ) -> FakeTwilio:
        if not self._twilio.knows(credentials, region):
            self._twilio.fail(
                "read_account", CredentialsRefused(ErrorCode.TWILIO_REFUSED, Vendor.TWILIO)
            )
        self._twilio.closed = False
        return self._twilio


class MemoryStore:
    """Keeps the state in memory; `full` refuses to keep anything more.

    Attributes:
        journals: The journal after each change of it.
    """

    def __init__(self, saved: Saved | None = None) -> None:
        self._state = State(saved=saved or Saved())
        self._listeners: list[Callable[[State], None]] = []
        self.full = False
        self.journals = [self._state.saved.journal]

    @property
    def state(self) -> State:
        return self._state

    async def update(self, change: Callable[[State], State]) -> State:
        await asyncio.sleep(0)
        after = change(self._state)
        if self.full and after.saved != self._state.saved:
            raise StoreError(ErrorCode.STATE_UNWRITABLE, path="state.json", cause="full")
        self._state = after
        if after.saved.journal != self.journals[-1]:
            self.journals.append(after.saved.journal)
        for listener in self._listeners:
            listener(after)
        return after

    def subscribe(self, listener: Callable[[State], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)


class FullVault(LocalVault):
    """Keeps nothing more."""

    async def write(self, name: SecretName, secret: SecretStr) -> None:
        del name, secret
        raise StoreError(ErrorCode.VAULT_UNWRITABLE, path="secrets.json", cause="full")


class Line:
    """A set-up on its way: profile, both vendors and a number are known, nothing is linked.

    Args:
        assistants: What Vapi has.
        numbers: What Vapi has.
        chosen: The assistant that was chosen, if one was.
    """

    def __init__(
        self,
        *,
        assistants: Iterable[Assistant] = (AVA,),
        numbers: Iterable[VapiNumber] = (),
        at_twilio: TwilioNumber = AT_TWILIO,
        chosen: Assistant | None = None,
        saved: Saved | None = None,
    ) -> None:
        self.twilio = FakeTwilio(at_twilio)
        self.vapi = FakeVapi(self.twilio, assistants, numbers)
        self.vault = LocalVault()
        self.store = MemoryStore(
            saved
            or Saved(
                profile=PROFILE,
                connection=Connection(region=Region.US, org_id="org"),
                assistant=ChosenAssistant(id=chosen.id, name=chosen.label) if chosen else None,
                twilio=TwilioAccess(account_sid=ACCOUNT_SID),
                number=ChosenNumber(sid=SID, number=NUMBER),
            )
        )
        self.setup = self.again()

    def again(self) -> Setup:
        """The same set-up, started once more."""
        vendors = FakeVendors(self.twilio, {Region.US: self.vapi})
        return Setup(self.store, self.vault, vendors, poll_s=0.01, settle_s=0.01)

    async def opened(self) -> Line:
        await self.vault.write(SecretName.VAPI_KEY, SecretStr(VAPI_KEY))
        await self.vault.write(SecretName.TWILIO_AUTH_TOKEN, SecretStr(AUTH_TOKEN))
        await self.setup.open()
        return self

    def saved(self) -> Saved:
        return self.store.state.saved

    @property
    def record(self) -> VapiNumber:
        """The one record of the number at Vapi; there must not be two."""
        (record,) = self.vapi.numbers.values()
        return record
