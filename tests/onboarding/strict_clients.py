"""The engine's ports to `strict_vendors`: keys are judged at every request, and so is the rest."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from ava_setup.onboarding.assistant import Assistant, Opening
from ava_setup.onboarding.credentials import ApiKey, AuthToken, Balance, TwilioAccount, TwilioRegion
from ava_setup.onboarding.errors import (
    ErrorCode,
    Evidence,
    NotFound,
    NumberExists,
    Rejected,
    Vendor,
)
from ava_setup.onboarding.number import TwimlApp, VapiNumber
from ava_setup.onboarding.state import Region
from tests.onboarding.strict_vendors import (
    INBOUND,
    PBX,
    STATUS,
    Write,
    refused_key,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pydantic import SecretStr

    from ava_setup.onboarding.assistant import AssistantDraft, AssistantMends
    from ava_setup.onboarding.calls import Call, CallFailure, TwilioCall
    from ava_setup.onboarding.credentials import TwilioCredentials
    from ava_setup.onboarding.number import SubaccountHit, TwilioNumber
    from ava_setup.onboarding.undo_steps import Holder, Webhooks
    from tests.onboarding.strict_vendors import Account, Caller, Org, World

T = TypeVar("T")


def _rejected(code: ErrorCode = ErrorCode.REJECTED) -> Rejected:
    return Rejected(code, Vendor.VAPI, evidence=Evidence(Vendor.VAPI, 400), words="no")


def _not_found(vendor: Vendor) -> NotFound:
    return NotFound(ErrorCode.NOT_FOUND, vendor, evidence=Evidence(vendor, 404))


class Reach:
    """The vendors as one caller reaches them."""

    def __init__(self, world: World, caller: Caller) -> None:
        self._world = world
        self._caller = caller

    @property
    def vapi_regions(self) -> tuple[Region, ...]:
        return Region.US, Region.EU

    def vapi(self, key: SecretStr, region: Region) -> StrictVapi:
        return StrictVapi(self._world, self._caller, key, region)

    @property
    def twilio_regions(self) -> tuple[TwilioRegion, ...]:
        return (TwilioRegion.US1,)

    def twilio(
        self, credentials: TwilioCredentials, region: TwilioRegion = TwilioRegion.US1
    ) -> StrictTwilio:
        return StrictTwilio(self._world, self._caller, credentials, region)


class _Client:
    """What the clients of both vendors have in common."""

    vendor: Vendor

    def __init__(self, world: World, caller: Caller) -> None:
        self._world = world
        self._caller = caller
        self._closed = False
        caller.clients.add(self)

    async def aclose(self) -> None:
        self._closed = True
        self._caller.clients.discard(self)
        await asyncio.sleep(0)

    async def _exchange(self, name: str, work: Callable[[], T], *, writes: bool) -> T:
        # So says the real client, and no use case is ready for it.
        if self._closed:
            raise RuntimeError("Cannot send a request, as the client has been closed.")
        return await self._world.exchange(self._caller, self.vendor, name, work, writes=writes)


class StrictVapi(_Client):
    """What one key opens in one region of Vapi."""

    vendor = Vendor.VAPI

    def __init__(self, world: World, caller: Caller, key: SecretStr, region: Region) -> None:
        super().__init__(world, caller)
        self._key = key
        self._region = region

    async def _ask(self, name: str, work: Callable[[Org], T], *, writes: bool = False) -> T:
        def at_the_door() -> T:
            for org in self._world.orgs.values():
                if (org.region, org.key) == (self._region, self._key.get_secret_value()):
                    return work(org)
            raise refused_key(Vendor.VAPI)

        return await self._exchange(name, at_the_door, writes=writes)

    async def list_assistants(self) -> tuple[Assistant, ...]:
        return await self._ask("list_assistants", lambda org: tuple(org.assistants.values()))

    async def read_assistant(self, assistant_id: str) -> Assistant:
        return await self._ask("read_assistant", lambda org: _one_of(org.assistants, assistant_id))

    async def create_assistant(self, draft: AssistantDraft) -> Assistant:
        def create(org: Org) -> Assistant:
            self._world.witness(Write("create_assistant", org.id, draft.create_id))
            made = Assistant(
                id=self._world.new_id("made"),
                created_at=self._world.moment(),
                org_id=org.id,
                **_drawn(draft),
            )
            org.assistants[made.id] = made
            org.made.add(made.id)
            return made

        return await self._ask("create_assistant", create, writes=True)

    async def update_assistant(self, assistant_id: str, draft: AssistantDraft) -> Assistant:
        return await self._change_assistant("update_assistant", assistant_id, **_drawn(draft))

    async def mend_assistant(self, assistant_id: str, mends: AssistantMends) -> Assistant:
        return await self._change_assistant("mend_assistant", assistant_id, **_settings(mends))

    async def read_settings(self, assistant_id: str, mends: AssistantMends) -> str:
        assistant = await self.read_assistant(assistant_id)
        kept = [name for name in _settings(mends) if name not in {"admin_email", "webhook_url"}]
        return json.dumps({name: _plain(getattr(assistant, name)) for name in kept})

    async def put_settings_back(self, assistant_id: str, settings: str) -> Assistant:
        fields: dict[str, Any] = json.loads(settings)
        for name, value in fields.items():
            if name.endswith("_languages"):
                fields[name] = frozenset(value) if value is not None else None
        if "opening" in fields:
            fields["opening"] = Opening(fields["opening"])
        return await self._change_assistant("put_settings_back", assistant_id, **fields)

    async def _change_assistant(self, request: str, assistant_id: str, **fields: Any) -> Assistant:
        def change(org: Org) -> Assistant:
            earlier = _one_of(org.assistants, assistant_id)
            self._world.witness(Write(request, org.id, assistant_id, assistant=earlier))
            org.assistants[assistant_id] = replace(earlier, **fields)
            return org.assistants[assistant_id]

        return await self._ask(request, change, writes=True)

    async def list_numbers(self) -> tuple[VapiNumber, ...]:
        def listed(org: Org) -> tuple[VapiNumber, ...]:
            if not self._world.quirks.masks:
                return tuple(org.numbers.values())
            return tuple(
                replace(one, number=f"{one.number[:4]}****{one.number[-4:]}")
                for one in org.numbers.values()
            )

        return await self._ask("list_numbers", listed)

    async def read_number(self, phone_number_id: str) -> VapiNumber:
        def read(org: Org) -> VapiNumber:
            number = _one_of(org.numbers, phone_number_id)
            self._world.looked_at(phone_number_id)
            return number

        return await self._ask("read_number", read)

    async def import_number(
        self,
        number: str,
        credentials: TwilioCredentials,
        *,
        assistant_id: str,
        name: str,
        fallback: str = "",
    ) -> VapiNumber:
        def import_it(org: Org) -> VapiNumber:
            world = self._world
            # Without an assistant Vapi takes it all the same: the witness must not.
            if assistant_id and assistant_id not in org.assistants:
                raise _rejected(ErrorCode.ASSISTANT_GONE)
            _check_free(world, org, number)
            account = world.accounts.get(credentials.account_sid)
            if account is None or not opens(account, credentials):
                raise _rejected()
            held = world.find(account, number)
            if held is None:
                raise _rejected(ErrorCode.NUMBER_NOT_IN_ACCOUNT)
            world.witness(Write("import_number", org.id, number, assistant_id, at_twilio=held))
            made = VapiNumber(
                id=world.new_id("imported"),
                number=number,
                provider="twilio",
                status="activating",
                assistant_id=assistant_id or None,
                name=name,
                fallback_number=fallback,
                updated_at=world.moment(),
            )
            org.numbers[made.id] = made
            org.made.add(made.id)
            quirks = world.quirks
            world.settles(made.id, quirks.activation, lambda: _activate(org, made.id))
            world.settles(
                number,
                quirks.rewriting,
                lambda: world.point(
                    number, voice_url=INBOUND, voice_method="POST", status_callback=STATUS
                ),
            )
            return org.numbers[made.id]

        return await self._ask("import_number", import_it, writes=True)

    async def link_number(
        self, phone_number_id: str, *, assistant_id: str, clears: tuple[str, ...]
    ) -> VapiNumber:
        cleared = [{"squadId": "squad_id", "workflowId": "workflow_id"}[one] for one in clears]
        return await self._change_number(
            "link_number",
            phone_number_id,
            assistant_id=assistant_id,
            **dict.fromkeys(cleared),
        )

    async def hand_back_number(self, phone_number_id: str, holder: Holder) -> VapiNumber:
        return await self._change_number(
            "hand_back_number",
            phone_number_id,
            assistant_id=holder.assistant_id or None,
            squad_id=holder.squad_id or None,
            workflow_id=holder.workflow_id or None,
        )

    async def _change_number(
        self, name: str, phone_number_id: str, **fields: str | None
    ) -> VapiNumber:
        def change(org: Org) -> VapiNumber:
            record = _one_of(org.numbers, phone_number_id)
            assistant_id = fields["assistant_id"]
            if assistant_id and assistant_id not in org.assistants:
                raise _rejected(ErrorCode.ASSISTANT_GONE)
            self._world.witness(
                Write(name, org.id, phone_number_id, assistant_id or "", record=record)
            )
            org.numbers[record.id] = replace(
                record,
                updated_at=self._world.moment(),
                **fields,  # type: ignore[arg-type] # every field is one of text
            )
            return org.numbers[record.id]

        return await self._ask(name, change, writes=True)

    async def set_fallback(self, phone_number_id: str, number: str) -> VapiNumber:
        def change(org: Org) -> VapiNumber:
            record = _one_of(org.numbers, phone_number_id)
            self._world.witness(
                Write("set_fallback", org.id, phone_number_id, wanted=number, record=record)
            )
            org.numbers[record.id] = replace(
                record, updated_at=self._world.moment(), fallback_number=number
            )
            return org.numbers[record.id]

        return await self._ask("set_fallback", change, writes=True)

    async def delete_number(self, phone_number_id: str) -> None:
        def delete(org: Org) -> None:
            record = _one_of(org.numbers, phone_number_id)
            self._world.witness(Write("delete_number", org.id, record.id, record=record))
            del org.numbers[record.id]
            if self._world.quirks.empties:
                self._world.point(record.number, voice_url="", status_callback="")

        await self._ask("delete_number", delete, writes=True)

    async def delete_assistant(self, assistant_id: str) -> None:
        def delete(org: Org) -> None:
            assistant = _one_of(org.assistants, assistant_id)
            self._world.witness(
                Write("delete_assistant", org.id, assistant_id, assistant=assistant)
            )
            del org.assistants[assistant_id]

        await self._ask("delete_assistant", delete, writes=True)

    async def list_calls(self, phone_number_id: str, *, limit: int) -> tuple[Call, ...]:
        return await self._ask(
            "list_calls",
            lambda org: tuple(call for number, call in org.calls if number == phone_number_id)[
                -limit:
            ],
        )

    async def read_call(self, call_id: str) -> NoReturn:
        raise AssertionError(call_id)

    async def place_call(self, assistant_id: str, phone_number_id: str, callee: str) -> NoReturn:
        raise AssertionError(assistant_id, phone_number_id, callee)


def _one_of(things: dict[str, T], wanted: str) -> T:
    if wanted not in things:
        raise _not_found(Vendor.VAPI)
    return things[wanted]


def _settings(mends: AssistantMends) -> dict[str, Any]:
    """Give the fields of an assistant that a change names."""
    fields: dict[str, Any] = {}
    if mends.quiet is not None:
        fields["is_quiet"] = mends.quiet
    if mends.opening_words is not None:
        fields |= {"first_message": mends.opening_words, "opening": Opening.SAYS}
    if mends.language is not None:
        spoken = {"fr"} if mends.language.speaks_french else {"en"}
        fields |= {"voice_languages": frozenset(spoken), "heard_languages": frozenset(spoken)}
    if mends.webhook_url is not None:
        fields["webhook_url"] = mends.webhook_url
    if mends.admin_email is not None:
        fields["admin_email"] = mends.admin_email
    if mends.name is not None:
        fields["name"] = mends.name
    if mends.instructions is not None:
        fields["instructions"] = mends.instructions
    return fields


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else value


def _drawn(draft: AssistantDraft) -> dict[str, Any]:
    return {
        "name": draft.name,
        "first_message": draft.first_message,
        "instructions": draft.instructions,
        "business_id": draft.business_id,
        "create_id": draft.create_id,
        "admin_email": draft.admin_email,
        "webhook_url": draft.webhook_url,
    }


def _check_free(world: World, org: Org, number: str) -> None:
    for one in world.orgs.values():
        for record in one.numbers.values():
            if record.number != number:
                continue
            if one is org:
                raise NumberExists(record.id, evidence=Evidence(Vendor.VAPI, 400))
            raise _rejected(ErrorCode.NUMBER_IN_OTHER_ORG)
    if number in world.used_elsewhere:
        raise _rejected(ErrorCode.NUMBER_IN_OTHER_ORG)


def _activate(org: Org, phone_number_id: str) -> None:
    if phone_number_id in org.numbers:
        org.numbers[phone_number_id] = replace(org.numbers[phone_number_id], status="active")


class StrictTwilio(_Client):
    """What one pair of credentials opens at Twilio."""

    vendor = Vendor.TWILIO

    def __init__(
        self,
        world: World,
        caller: Caller,
        credentials: TwilioCredentials,
        region: TwilioRegion,
    ) -> None:
        super().__init__(world, caller)
        self._credentials = credentials
        self._region = region

    async def _ask(self, name: str, work: Callable[[Account], T], *, writes: bool = False) -> T:
        def at_the_door() -> T:
            account = self._world.accounts.get(self._credentials.account_sid)
            if account is None or not opens(account, self._credentials):
                raise refused_key(Vendor.TWILIO)
            if self._region is not TwilioRegion.US1:
                raise refused_key(Vendor.TWILIO)
            return work(account)

        return await self._exchange(name, at_the_door, writes=writes)

    async def read_account(self) -> TwilioAccount:
        def read(account: Account) -> TwilioAccount:
            if isinstance(self._credentials, ApiKey):
                return TwilioAccount(account.sid)
            return TwilioAccount(account.sid, "Martin", account.status, account.kind)

        return await self._ask("read_account", read)

    async def read_balance(self) -> Balance | None:
        return None

    async def list_numbers(self) -> tuple[TwilioNumber, ...]:
        return await self._ask("list_twilio", lambda account: tuple(account.numbers.values()))

    async def find_number(self, number: str) -> TwilioNumber | None:
        def find(account: Account) -> TwilioNumber | None:
            self._world.looked_at(number)
            return self._world.find(account, number)

        return await self._ask("find_number", find)

    async def point_number(self, sid: str, webhooks: Webhooks) -> TwilioNumber:
        def point(account: Account) -> TwilioNumber:
            held = account.numbers.get(sid)
            if held is None:
                raise _not_found(Vendor.TWILIO)
            self._world.witness(Write("point_number", "", sid, at_twilio=held, webhooks=webhooks))
            fields = {
                name: value
                for name in webhooks.__slots__
                if (value := getattr(webhooks, name)) is not None
            }
            # Twilio lets one of them have the calls.
            if fields.get("trunk_sid"):
                fields["application_sid"] = ""
            elif fields.get("application_sid"):
                fields["trunk_sid"] = ""
            account.numbers[sid] = replace(held, **fields)
            return account.numbers[sid]

        return await self._ask("point_number", point, writes=True)

    async def read_application(self, sid: str) -> TwimlApp:
        return await self._ask("read_application", lambda _account: TwimlApp(sid, voice_url=PBX))

    async def find_in_subaccounts(self, number: str) -> SubaccountHit | None:
        del number
        return await self._ask("find_in_subaccounts", lambda _account: None)

    async def list_calls(
        self, number: str, *, since: datetime, limit: int
    ) -> tuple[TwilioCall, ...]:
        del number, since, limit
        return await self._ask("list_twilio_calls", lambda _account: ())

    async def list_failures(
        self, *, since: datetime, call_sid: str = ""
    ) -> tuple[CallFailure, ...]:
        del since, call_sid
        return await self._ask("list_failures", lambda _account: ())

    async def voice_region(self, number: str) -> str:
        del number
        return await self._ask("voice_region", lambda _account: "us1")

    async def create_key(self, name: str) -> NoReturn:
        raise AssertionError(name)

    async def list_keys(self, name: str = "") -> NoReturn:
        raise AssertionError(name)

    async def delete_key(self, sid: str) -> NoReturn:
        raise AssertionError(sid)


def opens(account: Account, credentials: TwilioCredentials) -> bool:
    """Whether credentials are those of an account."""
    match credentials:
        case AuthToken(auth_token=token):
            return token.get_secret_value() == account.token
        case ApiKey(key_sid=sid, key_secret=secret):
            return (sid, secret.get_secret_value()) == (account.key_sid, account.key_secret)
