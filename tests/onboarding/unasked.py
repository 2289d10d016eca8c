"""What a stand-in for a vendor need not do: no test that uses it gets as far as asking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from ava_setup.onboarding.assistant import AssistantMends
    from ava_setup.onboarding.calls import TwilioCall


class UnaskedVapi:
    """Of Vapi, what only the doctor asks."""

    async def read_settings(self, assistant_id: str, mends: AssistantMends) -> Any:
        raise AssertionError(assistant_id, mends)

    async def put_settings_back(self, assistant_id: str, settings: str) -> Any:
        raise AssertionError(assistant_id, settings)

    async def set_fallback(self, phone_number_id: str, number: str) -> Any:
        raise AssertionError(phone_number_id, number)

    async def read_call(self, call_id: str) -> Any:
        raise AssertionError(call_id)

    async def place_call(self, assistant_id: str, phone_number_id: str, callee: str) -> Any:
        raise AssertionError(assistant_id, phone_number_id, callee)


class UnaskedTwilio:
    """Of Twilio, what only the doctor asks."""

    async def find_in_subaccounts(self, number: str) -> Any:
        raise AssertionError(number)

    async def read_application(self, sid: str) -> Any:
        raise AssertionError(sid)

    async def list_calls(
        self, number: str, *, since: datetime, limit: int
    ) -> tuple[TwilioCall, ...]:
        del number, since, limit
        return ()

    async def list_failures(self, *, since: datetime, call_sid: str = "") -> Any:
        raise AssertionError(since, call_sid)

    async def voice_region(self, number: str) -> Any:
        raise AssertionError(number)

    async def create_key(self, name: str) -> Any:
        raise AssertionError(name)

    async def list_keys(self, name: str = "") -> Any:
        raise AssertionError(name)

    async def delete_key(self, sid: str) -> Any:
        raise AssertionError(sid)
