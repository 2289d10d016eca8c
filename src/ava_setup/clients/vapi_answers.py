"""Deciphers Vapi: pure functions from an answer to a value, or to an error of the one tree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

import pydantic_core
from pydantic import BeforeValidator, SecretStr

from ava_setup.clients.answers import (
    Answer,
    Id,
    MaybeId,
    Prose,
    SeenCamel,
    Words,
    at_most,
    each_seen,
    failure_by_status,
    seen,
    unintelligible,
)
from ava_setup.clients.languages import Languages, spoken, understood
from ava_setup.clients.vapi_bodies import Kept, is_system
from ava_setup.onboarding.assistant import Assistant, Opening
from ava_setup.onboarding.calls import Call
from ava_setup.onboarding.errors import (
    CredentialsRefused,
    ErrorCode,
    Evidence,
    NotFound,
    NumberExists,
    Rejected,
    Vendor,
    VendorError,
    vendor_words,
)
from ava_setup.onboarding.number import VapiNumber, spaced

T = TypeVar("T")
S = TypeVar("S", bound=SeenCamel)

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_SYMBOL = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")

# Lower-case words of a refusal, and what they mean (contract: vapi.md, Errors).
_MEANINGS = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        (r"existing phone number", ErrorCode.NUMBER_EXISTS),
        (r"\banother org", ErrorCode.NUMBER_IN_OTHER_ORG),
        (r"not found on twilio", ErrorCode.NUMBER_NOT_IN_ACCOUNT),
        (r"couldn.?t get assistant|assistant.* does not exist", ErrorCode.ASSISTANT_GONE),
        (r"couldn.?t find .*\bvoice\b|\bvoice\b.* not found", ErrorCode.VOICE_UNAVAILABLE),
    )
)
_PINNED = "assistant_pinned"
_WANTS_PROVIDER = re.compile(r"\bprovider\b(?! should not exist)")


class ProviderWanted(Rejected):
    """Vapi will not change a number unless its provider is named again."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list.

    Attributes:
        members: Those that make sense.
        size: How many came, sense or not.
        oldest: ISO 8601, the earliest creation among them, or "".
    """

    members: tuple[T, ...]
    size: int
    oldest: str


def _mapping(value: object) -> object:
    return value if isinstance(value, dict) else {}


def _of(name: str) -> BeforeValidator:
    """Look at one member of an object, whatever stands in its place."""
    return BeforeValidator(lambda value: value.get(name) if isinstance(value, dict) else None)


def _records(plan: object) -> bool:
    """Only a plain no counts: calls are recorded by default (spec)."""
    return not (isinstance(plan, dict) and plan.get("recordingEnabled") in (False, "false"))


def _fallback(destination: object) -> str:
    """Give the telephone, or the SIP address, of a fallback destination."""
    if not isinstance(destination, dict):
        return ""
    told = destination.get("number") or destination.get("sipUri")
    return told if isinstance(told, str) else ""


_OPENINGS = {
    "assistant-waits-for-user": Opening.WAITS,
    "assistant-speaks-first-with-model-generated-message": Opening.MADE_UP,
}


def _instructions(model: object) -> str:
    """Give what a model is told beforehand, letter for letter."""
    messages = model.get("messages") if isinstance(model, dict) else None
    said = messages if isinstance(messages, list) else []
    told = next((one.get("content") for one in said if is_system(one)), None)
    return told if isinstance(told, str) else ""


_SUMMARY_MAX = 2_000
_TRANSCRIPT_MAX = 20_000


class _Marks(SeenCamel):
    business_id: Words = ""
    create_id: Words = ""
    admin_email: Words = ""


class _Assistant(SeenCamel):
    id: Id
    name: Words = ""
    created_at: Words = ""
    first_message: Prose = ""
    org_id: Words = ""
    metadata: Annotated[_Marks, BeforeValidator(_mapping)] = _Marks()
    first_message_mode: Words = ""
    voice: Annotated[Languages, BeforeValidator(spoken)] = None
    transcriber: Annotated[Languages, BeforeValidator(understood)] = None
    background_sound: Words = ""
    artifact_plan: Annotated[bool, BeforeValidator(_records)] = True
    server: Annotated[Words, _of("url")] = ""
    model: Annotated[str, BeforeValidator(_instructions)] = ""

    def value(self) -> Assistant:
        return Assistant(
            id=self.id,
            name=self.name,
            created_at=self.created_at,
            first_message=self.first_message,
            org_id=self.org_id,
            business_id=self.metadata.business_id,
            create_id=self.metadata.create_id,
            admin_email=self.metadata.admin_email,
            opening=_OPENINGS.get(self.first_message_mode, Opening.SAYS),
            voice_languages=self.voice,
            heard_languages=self.transcriber,
            is_quiet=self.background_sound == "off",
            is_recorded=self.artifact_plan,
            webhook_url=self.server,
            instructions=self.model,
        )


class _Kept(SeenCamel):
    id: Id
    metadata: Annotated[dict[str, Any], BeforeValidator(_mapping)] = {}
    server: Annotated[dict[str, Any], BeforeValidator(_mapping)] = {}
    model: Annotated[dict[str, Any], BeforeValidator(_mapping)] = {}
    end_call_message: Prose = ""

    def value(self) -> Kept:
        return Kept(
            metadata=self.metadata,
            server={
                name: _masked(value) if name == "headers" else value
                for name, value in self.server.items()
            },
            model={name: _without_secrets(name, value) for name, value in self.model.items()},
            last_words=self.end_call_message,
        )


def _without_secrets(name: str, value: object) -> object:
    """Mask what a tool's server is signed to with, however deep it lies."""
    if name == "headers":
        return _masked(value)
    match value:
        case dict():
            return {below: _without_secrets(below, one) for below, one in value.items()}
        case list():
            return [_without_secrets("", one) for one in value]
        case str() if "secret" in name.lower():
            return SecretStr(value)
        case _:
            return value


def _masked(headers: object) -> object:
    """Mask what the user's own server is signed to with."""
    if not isinstance(headers, dict):
        return headers
    return {
        name: SecretStr(value) if isinstance(value, str) else value
        for name, value in headers.items()
    }


class _Number(SeenCamel):
    # Every number body is a secret (contract: vapi.md, Phone numbers): only these leave it.
    id: Id
    number: Words = ""
    provider: Words = ""
    status: Words = ""
    assistant_id: MaybeId = None
    squad_id: MaybeId = None
    workflow_id: MaybeId = None
    name: Words = ""
    updated_at: Words = ""
    fallback_destination: Annotated[Words, BeforeValidator(_fallback)] = ""
    twilio_account_sid: Words = ""

    def value(self) -> VapiNumber:
        return VapiNumber(
            id=self.id,
            number=self.number,
            provider=self.provider,
            status=self.status,
            assistant_id=self.assistant_id,
            squad_id=self.squad_id,
            workflow_id=self.workflow_id,
            name=self.name,
            updated_at=self.updated_at,
            fallback_number=self.fallback_destination,
            twilio_account_sid=self.twilio_account_sid,
        )


class _Customer(SeenCamel):
    number: Words = ""


class _Call(SeenCamel):
    id: Id
    type: Words = ""
    status: Words = ""
    created_at: Words = ""
    started_at: Words = ""
    ended_at: Words = ""
    ended_reason: Words = ""
    customer: Annotated[_Customer, BeforeValidator(_mapping)] = _Customer()
    assistant_id: MaybeId = None
    analysis: Annotated[str, at_most(_SUMMARY_MAX), _of("summary")] = ""
    artifact: Annotated[str, at_most(_TRANSCRIPT_MAX), _of("transcript")] = ""

    def value(self) -> Call:
        return Call(
            id=self.id,
            kind=self.type,
            status=self.status,
            created_at=self.created_at,
            started_at=self.started_at,
            ended_at=self.ended_at,
            ended_reason=self.ended_reason,
            caller=self.customer.number,
            assistant_id=self.assistant_id,
            summary=self.analysis,
            transcript=self.artifact,
        )


def assistant(answer: Answer) -> Assistant:
    """Decipher one assistant.

    Raises:
        VendorError: The answer is a refusal or makes no sense; so for every function here.
    """
    return _one(_Assistant, answer).value()


def kept(answer: Answer) -> Kept:
    """Decipher what a change of an assistant must repeat."""
    return _one(_Kept, answer).value()


def settings(answer: Answer) -> dict[str, Any]:
    """Decipher an assistant as Vapi wrote it, to give some of it back one day.

    Raises:
        VendorError: The answer is a refusal or makes no sense.
    """
    _one(_Assistant, answer)
    written: dict[str, Any] = pydantic_core.from_json(answer.body)
    return written


def assistants(answer: Answer) -> Page[Assistant]:
    """Decipher a page of assistants."""
    raw = _many(answer)
    return _page(raw, tuple(one.value() for one in _members(_Assistant, answer, raw)))


def number(answer: Answer) -> VapiNumber:
    """Decipher one phone number."""
    return _one(_Number, answer).value()


def numbers(answer: Answer) -> Page[VapiNumber]:
    """Decipher a page of phone numbers."""
    raw = _many(answer)
    return _page(raw, tuple(one.value() for one in _members(_Number, answer, raw)))


def imported(answer: Answer, wanted: str) -> VapiNumber:
    """Decipher the answer to the import of `wanted`, an E.164 number.

    Raises:
        NumberExists: It is in this organisation already.
        VendorError: Any other refusal.
    """
    if not answer.succeeded:
        raise failure(answer, wanted=wanted)
    return number(answer)


def deleted(answer: Answer) -> None:
    """Decipher the answer to a deletion: that it succeeded is all there is to know."""
    if not answer.succeeded:
        raise failure(answer)


def calls(answer: Answer) -> tuple[Call, ...]:
    """Decipher the calls of a number."""
    return tuple(one.value() for one in _members(_Call, answer, _many(answer)))


def call(answer: Answer) -> Call:
    """Decipher one call."""
    return _one(_Call, answer).value()


def placed(answer: Answer) -> Call:
    """Decipher the answer to a call that was to be placed.

    Raises:
        Rejected: `CALL_REFUSED`: no telephone rang.
        VendorError: Any other refusal.
    """
    if answer.succeeded:
        return call(answer)
    refusal = failure(answer)
    if refusal.code is not ErrorCode.REJECTED:
        raise refusal
    evidence = refusal.problem.evidence
    words = vendor_words(evidence.words)
    raise Rejected(ErrorCode.CALL_REFUSED, Vendor.VAPI, evidence=evidence, words=words)


def failure(answer: Answer, *, wanted: str = "") -> VendorError:
    """Make the error that a refusal stands for (contract: vapi.md, Errors).

    Args:
        answer: A refusal: any status but 2xx.
        wanted: The number that the request was about, or "".
    """
    body = answer.json()
    words = _message(body) if isinstance(body, dict) else answer.plain_words()
    evidence = _evidence(answer, body, words)
    if (by_status := failure_by_status(Vendor.VAPI, answer, evidence)) is not None:
        return by_status
    match answer.status:
        case 401:
            return CredentialsRefused(ErrorCode.VAPI_KEY_REFUSED, Vendor.VAPI, evidence=evidence)
        case 404:
            return NotFound(ErrorCode.NOT_FOUND, Vendor.VAPI, evidence=evidence)
        case 403 if not isinstance(body, dict):
            # The edge speaks for itself, without JSON (contract: vapi.md, Hosts, keys).
            return VendorError(ErrorCode.FORBIDDEN, Vendor.VAPI, evidence=evidence)
        case _ if not isinstance(body, dict):
            return VendorError(ErrorCode.UNINTELLIGIBLE, Vendor.VAPI, evidence=evidence)
        case _:
            return _rejection(words, evidence, wanted)


def _rejection(words: str, evidence: Evidence, wanted: str) -> Rejected:
    """Recognise the refusals that have a meaning of their own, loosely by their text."""
    if evidence.vendor_code == _PINNED:
        return Rejected(ErrorCode.ASSISTANT_PINNED, Vendor.VAPI, evidence=evidence)
    text = " ".join(words.lower().split())
    _before, told, after = text.partition("existing phone number")
    if told and (found := _UUID.search(after)):
        return NumberExists(found[0], evidence=evidence)
    for pattern, code in _MEANINGS:
        if pattern.search(text):
            return Rejected(code, Vendor.VAPI, evidence=evidence, number=spaced(wanted))
    kind = ProviderWanted if _WANTS_PROVIDER.search(text) else Rejected
    return kind(
        ErrorCode.REJECTED, Vendor.VAPI, evidence=evidence, words=vendor_words(evidence.words)
    )


def _message(body: dict[str, Any]) -> str:
    """Read the message, a string or an array of them, else the error's name."""
    message = body.get("message")
    parts = message if isinstance(message, list) else [message]
    words = "; ".join(part for part in parts if isinstance(part, str))
    error = body.get("error")
    return words or (error if isinstance(error, str) else "")


def _evidence(answer: Answer, body: object, words: str) -> Evidence:
    error = body.get("error") if isinstance(body, dict) else None
    return answer.evidence(
        Vendor.VAPI,
        # `error` is mostly HTTP's phrase; only symbols such as assistant_pinned tell more.
        code=error if isinstance(error, str) and _SYMBOL.fullmatch(error) else "",
        words=words,
    )


def _content(answer: Answer) -> object:
    if not answer.succeeded:
        raise failure(answer)
    return answer.json()


def _one(model: type[S], answer: Answer) -> S:
    value = seen(model, _content(answer))
    if value is None:
        raise unintelligible(Vendor.VAPI, _evidence(answer, None, ""))
    return value


def _many(answer: Answer) -> list[object]:
    content = _content(answer)
    if not isinstance(content, list):
        raise unintelligible(Vendor.VAPI, _evidence(answer, None, ""))
    return content


def _members(model: type[S], answer: Answer, raw: list[object]) -> tuple[S, ...]:
    """Look at each member; a list of which nothing makes sense is not an empty one."""
    members = each_seen(model, raw)
    if raw and not members:
        raise unintelligible(Vendor.VAPI, _evidence(answer, None, ""))
    return members


def _page(raw: list[object], members: tuple[T, ...]) -> Page[T]:
    dates = [date for one in raw if isinstance(one, dict) and (date := one.get("createdAt"))]
    return Page(members, len(raw), min((d for d in dates if isinstance(d, str)), default=""))
