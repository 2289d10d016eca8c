"""What the engine needs from the outside, as protocols: vendors, a store, a vault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import SecretStr

    from ava_setup.onboarding.assistant import Assistant, AssistantDraft
    from ava_setup.onboarding.calls import Call
    from ava_setup.onboarding.credentials import SecretName, TwilioAccount, TwilioCredentials
    from ava_setup.onboarding.number import TwilioNumber, VapiNumber
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

    async def list_numbers(self) -> tuple[VapiNumber, ...]:
        """All phone numbers, in no order; members that make no sense are left out."""
        ...

    async def read_number(self, phone_number_id: str) -> VapiNumber:
        """One phone number."""
        ...

    async def import_number(
        self, number: str, credentials: TwilioCredentials, *, assistant_id: str, name: str
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

    async def aclose(self) -> None:
        """Close the connections."""
        ...


class Twilio(Protocol):
    """One Twilio account. Every method raises `VendorError`."""

    async def read_account(self) -> TwilioAccount:
        """The account; its details are hidden from API keys."""
        ...

    async def list_numbers(self) -> tuple[TwilioNumber, ...]:
        """All phone numbers."""
        ...

    async def find_number(self, number: str) -> TwilioNumber | None:
        """The phone number that is exactly this E.164 number, or None."""
        ...

    async def point_number(self, sid: str, webhooks: Webhooks) -> TwilioNumber:
        """Write some of a number's webhooks; those that are None stay as they are."""
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

    def twilio(self, credentials: TwilioCredentials) -> Twilio:
        """A client of an account."""
        ...
