"""The Vapi client: which requests carry out which wish."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar
from urllib.parse import quote

from ava_setup.clients import vapi_answers as answers, vapi_bodies as bodies
from ava_setup.clients.pace import Pace
from ava_setup.clients.patience import Patience
from ava_setup.clients.transport import Bearer, TooLong, Transport
from ava_setup.onboarding.errors import Vendor

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from pydantic import SecretStr

    from ava_setup.clients.answers import Answer
    from ava_setup.onboarding.assistant import Assistant, AssistantDraft, AssistantMends
    from ava_setup.onboarding.calls import Call
    from ava_setup.onboarding.credentials import TwilioCredentials
    from ava_setup.onboarding.number import VapiNumber
    from ava_setup.onboarding.undo_steps import Holder

IN_FLIGHT = 4
# The most that a page may hold (spec).
PAGE_SIZE = 1000
_PAGES_MAX = 50


class _Listed(Protocol):
    @property
    def id(self) -> str: ...


L = TypeVar("L", bound=_Listed)


class VapiClient:
    """One Vapi organisation: the one that a key belongs to.

    Args:
        key: Private key.
        base: Address of its region, without a slash at the end.
        pace: Bounds its requests; to be shared by all clients of an organisation.
        patience: Decides what is sent again.
        wire: Replaces the network, in rehearsals and in tests.
    """

    def __init__(
        self,
        key: SecretStr,
        base: str,
        *,
        pace: Pace | None = None,
        patience: Patience | None = None,
        wire: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._transport = Transport(
            Vendor.VAPI,
            base,
            Bearer(key),
            pace=pace or Pace(IN_FLIGHT),
            patience=patience or Patience(),
            wire=wire,
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def list_assistants(self) -> tuple[Assistant, ...]:
        """All assistants, in no order; members that make no sense are left out."""
        return await self._list("/assistant", answers.assistants)

    async def read_assistant(self, assistant_id: str) -> Assistant:
        """One assistant."""
        return await self._transport.read(_assistant_path(assistant_id), answers.assistant)

    async def create_assistant(self, draft: AssistantDraft) -> Assistant:
        """Create an assistant. Never repeated when it may have been made."""
        return await self._transport.write(
            "POST", "/assistant", bodies.new_assistant(draft), answers.assistant
        )

    async def update_assistant(self, assistant_id: str, draft: AssistantDraft) -> Assistant:
        """Make an existing assistant be what a draft says; every field it names is replaced."""
        return await self._transport.write(
            "PATCH", _assistant_path(assistant_id), bodies.new_assistant(draft), answers.assistant
        )

    async def mend_assistant(self, assistant_id: str, mends: AssistantMends) -> Assistant:
        """Change some of an assistant, leaving all else as it is.

        Raises:
            NotFound: It is not there.
        """
        path = _assistant_path(assistant_id)
        if not mends:
            return await self._transport.read(path, answers.assistant)
        kept = await self._transport.read(path, answers.kept) if bodies.repeats(mends) else None
        return await self._transport.write(
            "PATCH", path, bodies.mended_assistant(mends, kept), answers.assistant
        )

    async def read_settings(self, assistant_id: str, mends: AssistantMends) -> str:
        """Give what a change would replace, as JSON to be put back; never a secret."""
        settings = await self._transport.read(_assistant_path(assistant_id), answers.settings)
        return bodies.earlier_settings(settings, mends)

    async def put_settings_back(self, assistant_id: str, settings: str) -> Assistant:
        """Write what `read_settings` gave.

        Raises:
            NotFound: The assistant is not there.
        """
        return await self._transport.write(
            "PATCH", _assistant_path(assistant_id), bodies.put_back(settings), answers.assistant
        )

    async def list_numbers(self) -> tuple[VapiNumber, ...]:
        """All phone numbers, in no order; members that make no sense are left out."""
        return await self._list("/phone-number", answers.numbers)

    async def read_number(self, phone_number_id: str) -> VapiNumber:
        """One phone number."""
        return await self._transport.read(_number_path(phone_number_id), answers.number)

    async def import_number(
        self,
        number: str,
        credentials: TwilioCredentials,
        *,
        assistant_id: str,
        name: str,
        fallback: str = "",
    ) -> VapiNumber:
        """Import a Twilio number, linked. Never repeated when it may have been done.

        Raises:
            NumberExists: It is in this organisation already.
        """
        return await self._transport.write(
            "POST",
            "/phone-number",
            bodies.new_number(
                number, credentials, assistant_id=assistant_id, name=name, fallback=fallback
            ),
            partial(answers.imported, wanted=number),
        )

    async def link_number(
        self, phone_number_id: str, *, assistant_id: str, clears: tuple[str, ...]
    ) -> VapiNumber:
        """Link a number to an assistant, setting the fields of `clears` to null."""
        return await self._change_number(
            phone_number_id, bodies.linked_number(assistant_id, clears)
        )

    async def hand_back_number(self, phone_number_id: str, holder: Holder) -> VapiNumber:
        """Link a number to what it was linked to before, or to nothing."""
        return await self._change_number(phone_number_id, bodies.handed_back_number(holder))

    async def set_fallback(self, phone_number_id: str, number: str) -> VapiNumber:
        """Have a telephone ring when no assistant can be had; "" for none."""
        return await self._change_number(phone_number_id, bodies.with_fallback(number))

    async def _change_number(self, phone_number_id: str, body: bodies.Body) -> VapiNumber:
        """Send a change, naming the provider only when Vapi insists.

        A live call answered `property provider should not exist`, where the spec wants it
        (contract: vapi.md, PATCH trap).
        """
        path = _number_path(phone_number_id)
        try:
            return await self._transport.write("PATCH", path, body, answers.number)
        except answers.ProviderWanted:
            pass
        return await self._transport.write(
            "PATCH", path, {"provider": "twilio", **body}, answers.number
        )

    async def delete_number(self, phone_number_id: str) -> None:
        """Remove a number from Vapi; it stays at Twilio.

        Raises:
            NotFound: It is not there.
        """
        await self._transport.write("DELETE", _number_path(phone_number_id), None, answers.deleted)

    async def delete_assistant(self, assistant_id: str) -> None:
        """Delete an assistant.

        Raises:
            NotFound: It is not there.
            Rejected: `ASSISTANT_PINNED`: Vapi keeps it for something else.
        """
        await self._transport.write("DELETE", _assistant_path(assistant_id), None, answers.deleted)

    async def list_calls(self, phone_number_id: str, *, limit: int) -> tuple[Call, ...]:
        """The latest calls of a number, in no order."""
        return await self._transport.read(
            "/call", answers.calls, {"phoneNumberId": phone_number_id, "limit": limit}
        )

    async def read_call(self, call_id: str) -> Call:
        """One call.

        Raises:
            NotFound: It is not there.
        """
        return await self._transport.read(f"/call/{quote(call_id, safe='')}", answers.call)

    async def place_call(self, assistant_id: str, phone_number_id: str, callee: str) -> Call:
        """Have an assistant ring a telephone. Never repeated when it may have rung.

        Raises:
            Rejected: `CALL_REFUSED`: no telephone rang.
        """
        return await self._transport.write(
            "POST",
            "/call",
            bodies.new_call(assistant_id, phone_number_id, callee),
            answers.placed,
        )

    async def _list(
        self, path: str, decipher: Callable[[Answer], answers.Page[L]]
    ) -> tuple[L, ...]:
        """Read page after page, each before the oldest of the one it follows."""
        found: dict[str, L] = {}
        params: dict[str, str | int] = {}
        size = PAGE_SIZE
        for _page in range(_PAGES_MAX):
            try:
                page = await self._transport.read(path, decipher, {"limit": size, **params})
            except TooLong:
                # Long instructions in many assistants: fewer at once.
                size //= 10
                if not size:
                    raise
                continue
            news = {one.id: one for one in page.members if one.id not in found}
            found |= news
            before = _just_after(page.oldest)
            if page.size < size or not news or not before:
                break
            params["createdAtLt"] = before
        return tuple(found.values())


def _assistant_path(assistant_id: str) -> str:
    return f"/assistant/{quote(assistant_id, safe='')}"


def _number_path(phone_number_id: str) -> str:
    return f"/phone-number/{quote(phone_number_id, safe='')}"


def _just_after(moment: str) -> str:
    """Add a millisecond to an ISO 8601 moment, or give "" when it is none.

    The next page then begins with this very moment: of several members made in it, none is lost.
    """
    try:
        parsed = datetime.fromisoformat(moment) + timedelta(milliseconds=1)
    except (ValueError, OverflowError):
        return ""
    return parsed.isoformat(timespec="milliseconds").replace("+00:00", "Z")
