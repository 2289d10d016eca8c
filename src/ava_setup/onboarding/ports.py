"""What the engine needs from the outside, as protocols: vendors, a store, a vault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from ava_setup.onboarding.credentials import TwilioRegion

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pydantic import SecretStr

    from ava_setup.onboarding.assistant import Assistant, AssistantDraft, AssistantMends
    from ava_setup.onboarding.calls import Call, CallFailure, TwilioCall
    from ava_setup.onboarding.credentials import (
        Balance,
        MadeKey,
        SecretName,
        TwilioAccount,
        TwilioCredentials,
        TwilioKey,
    )
    from ava_setup.onboarding.number import SubaccountHit, TwilioNumber, TwimlApp, VapiNumber
    from ava_setup.onboarding.sources import FoundKeys
    from ava_setup.onboarding.state import Region, State, VaultPlace
    from ava_setup.onboarding.undo_steps import Holder, Webhooks


class Store(Protocol):
    """The shared state: read at will, changed one update at a time."""

    @property
    def state(self) -> State:
        """The state as it is now."""
        ...

    async def update(self, change: Callable[[State], State]) -> State:
        """Replace the state by `change(state)`; returns once what is kept is on disk.

        Raises:
            StoreError: It could not be written; the state is then as before.
        """
        ...

    def subscribe(self, listener: Callable[[State], None]) -> Callable[[], None]:
        """Call `listener` after every update; gives the function that ends it."""
        ...


class Vault(Protocol):
    """Where secrets are kept."""

    @property
    def place(self) -> VaultPlace:
        """Where that is; known after the first `load`."""
        ...

    async def load(self) -> frozenset[SecretName]:
        """Open the vault and tell which secrets it holds.

        Raises:
            StoreError: It exists and cannot be read; secrets then stay in memory only.
        """
        ...

    async def read(self, name: SecretName) -> SecretStr | None:
        """Give a secret, or None when it is not there."""
        ...

    async def write(self, name: SecretName, secret: SecretStr) -> None:
        """Keep a secret.

        Raises:
            StoreError: It could not be kept.
        """
        ...

    async def forget(self, name: SecretName) -> None:
        """Remove a secret, if it is there.

        Raises:
            StoreError: It is still there.
        """
        ...


class KeysAround(Protocol):
    """What this computer knows of keys already: offered to its owner, never taken unasked."""

    async def look(self) -> tuple[FoundKeys, ...]:
        """Find them, the likeliest first; what cannot be read is not there."""
        ...


class Vapi(Protocol):
    """One Vapi organisation. Every method raises `VendorError`."""

    async def list_assistants(self) -> tuple[Assistant, ...]:
        """All assistants, in no order."""
        ...

    async def read_assistant(self, assistant_id: str) -> Assistant:
        """One assistant."""
        ...

    async def create_assistant(self, draft: AssistantDraft) -> Assistant:
        """Create an assistant. Never repeated by the client."""
        ...

    async def update_assistant(self, assistant_id: str, draft: AssistantDraft) -> Assistant:
        """Make an existing assistant be what a draft says."""
        ...

    async def mend_assistant(self, assistant_id: str, mends: AssistantMends) -> Assistant:
        """Change some of an assistant, leaving all else as it is.

        Raises:
            NotFound: It is not there.
        """
        ...

    async def read_settings(self, assistant_id: str, mends: AssistantMends) -> str:
        """Give what a change would replace, as JSON to be put back; never a secret."""
        ...

    async def put_settings_back(self, assistant_id: str, settings: str) -> Assistant:
        """Write what `read_settings` gave.

        Raises:
            NotFound: The assistant is not there.
        """
        ...

    async def list_numbers(self) -> tuple[VapiNumber, ...]:
        """All phone numbers, in no order; members that make no sense are left out."""
        ...

    async def read_number(self, phone_number_id: str) -> VapiNumber:
        """One phone number."""
        ...

    async def import_number(
        self,
        number: str,
        credentials: TwilioCredentials,
        *,
        assistant_id: str,
        name: str,
        fallback: str = "",
    ) -> VapiNumber:
        """Import a Twilio number, linked. Never repeated by the client.

        Raises:
            NumberExists: It is in this organisation already.
        """
        ...

    async def link_number(
        self, phone_number_id: str, *, assistant_id: str, clears: tuple[str, ...]
    ) -> VapiNumber:
        """Link a number to an assistant, setting the fields of `clears` to null."""
        ...

    async def hand_back_number(self, phone_number_id: str, holder: Holder) -> VapiNumber:
        """Link a number to what it was linked to before, or to nothing."""
        ...

    async def set_fallback(self, phone_number_id: str, number: str) -> VapiNumber:
        """Have a telephone ring when no assistant can be had.

        Args:
            phone_number_id: Vapi's id.
            number: E.164, or the SIP address that was there before; "" for no fallback.
        """
        ...

    async def delete_number(self, phone_number_id: str) -> None:
        """Remove a number from Vapi; it stays at Twilio.

        Raises:
            NotFound: It is not there.
        """
        ...

    async def delete_assistant(self, assistant_id: str) -> None:
        """Delete an assistant.

        Raises:
            NotFound: It is not there.
            Rejected: `ASSISTANT_PINNED`: Vapi keeps it for something else.
        """
        ...

    async def list_calls(self, phone_number_id: str, *, limit: int) -> tuple[Call, ...]:
        """The latest calls of a number, in no order."""
        ...

    async def read_call(self, call_id: str) -> Call:
        """One call.

        Raises:
            NotFound: It is not there.
        """
        ...

    async def place_call(self, assistant_id: str, phone_number_id: str, callee: str) -> Call:
        """Have an assistant ring a telephone, E.164. It costs money; never repeated by the client.

        Raises:
            Rejected: `CALL_REFUSED`: no telephone rang.
        """
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...


class Twilio(Protocol):
    """One Twilio account. Every method raises `VendorError`.

    What API keys may not see raises `Hidden`, of an account alone it is hidden in the answer.
    """

    async def read_account(self) -> TwilioAccount:
        """The account without its balance; its details are hidden from API keys."""
        ...

    async def read_balance(self) -> Balance | None:
        """What the account has left; None when that cannot be told. Never raises."""
        ...

    async def list_numbers(self) -> tuple[TwilioNumber, ...]:
        """All phone numbers."""
        ...

    async def find_number(self, number: str) -> TwilioNumber | None:
        """The phone number that is exactly this E.164 number, or None."""
        ...

    async def point_number(self, sid: str, webhooks: Webhooks) -> TwilioNumber:
        """Write some of what takes a number's calls; what is None stays as it is."""
        ...

    async def find_in_subaccounts(self, number: str) -> SubaccountHit | None:
        """Look for exactly this E.164 number in the first sub-accounts; None when in none."""
        ...

    async def read_application(self, sid: str) -> TwimlApp:
        """One TwiML app.

        Raises:
            NotFound: It is not there.
        """
        ...

    async def list_calls(
        self, number: str, *, since: datetime, limit: int
    ) -> tuple[TwilioCall, ...]:
        """Calls to an E.164 number, newest first.

        Args:
            number: The one that was called.
            since: Earlier ones are left out; with its time zone.
            limit: How many at most, up to 1000.
        """
        ...

    async def list_failures(
        self, *, since: datetime, call_sid: str = ""
    ) -> tuple[CallFailure, ...]:
        """What went wrong lately, newest first: with any call of the account, or with one.

        Args:
            since: Earlier ones are left out; with its time zone.
            call_sid: The only call of interest, or "".
        """
        ...

    async def voice_region(self, number: str) -> str:
        """Twilio's region in which a number's calls are processed, `ie1`; "" cannot be told."""
        ...

    async def create_key(self, name: str) -> MadeKey:
        """Make an API key of the account. Never repeated by the client.

        Raises:
            Rejected: `TWILIO_KEY_REFUSED`: these credentials, or this account, can make none.
        """
        ...

    async def list_keys(self, name: str = "") -> tuple[TwilioKey, ...]:
        """The account's API keys: all, or those of exactly this name."""
        ...

    async def delete_key(self, sid: str) -> None:
        """Delete an API key; whoever uses it is refused from then on.

        Raises:
            NotFound: It is not there.
            Rejected: `TWILIO_KEY_STAYS`: these credentials can delete none.
        """
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...


class Vendors(Protocol):
    """Makes clients."""

    @property
    def vapi_regions(self) -> tuple[Region, ...]:
        """The regions to try a key in, likeliest first."""
        ...

    def vapi(self, key: SecretStr, region: Region) -> Vapi:
        """A client of the organisation that a key belongs to."""
        ...

    @property
    def twilio_regions(self) -> tuple[TwilioRegion, ...]:
        """The regions to try credentials in, likeliest first."""
        ...

    def twilio(
        self, credentials: TwilioCredentials, region: TwilioRegion = TwilioRegion.US1
    ) -> Twilio:
        """A client of an account in a region: the one where its credentials are good."""
        ...
