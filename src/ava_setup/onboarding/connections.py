"""The clients in use: opened from the vault when needed, replaced when credentials change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.onboarding.credentials import ApiKey, AuthToken, SecretName, TwilioCredentials
from ava_setup.onboarding.errors import ErrorCode, SetupError

if TYPE_CHECKING:
    from pydantic import SecretStr

    from ava_setup.onboarding.ports import Store, Twilio, Vapi, Vault, Vendors


class Connections:
    """One open client a vendor, and the secrets behind them."""

    def __init__(self, store: Store, vault: Vault, vendors: Vendors) -> None:
        self._store = store
        self._vault = vault
        self._vendors = vendors
        self._vapi: Vapi | None = None
        self._twilio: tuple[TwilioCredentials, Twilio] | None = None

    async def aclose(self) -> None:
        """Close what is open; it opens again when it is needed."""
        if self._vapi is not None:
            await self._vapi.aclose()
        if self._twilio is not None:
            await self._twilio[1].aclose()
        self._vapi = self._twilio = None

    async def keep_vapi(self, key: SecretStr, vapi: Vapi) -> None:
        """Use a client whose key was accepted, and keep the key.

        Raises:
            StoreError: The key could not be kept; the earlier client stays in use.
        """
        try:
            await self._vault.write(SecretName.VAPI_KEY, key)
        except BaseException:
            await vapi.aclose()
            raise
        if self._vapi is not None:
            await self._vapi.aclose()
        self._vapi = vapi
        await self._store.update(
            lambda state: state.note(secrets=state.live.secrets | {SecretName.VAPI_KEY})
        )

    async def keep_twilio(self, credentials: TwilioCredentials, twilio: Twilio) -> None:
        """Use a client whose credentials were accepted, and keep their secret.

        Raises:
            StoreError: The secret could not be kept; the earlier client stays in use.
        """
        match credentials:
            case AuthToken(auth_token=secret):
                kept, dropped = SecretName.TWILIO_AUTH_TOKEN, SecretName.TWILIO_API_SECRET
            case ApiKey(key_secret=secret):
                kept, dropped = SecretName.TWILIO_API_SECRET, SecretName.TWILIO_AUTH_TOKEN
        try:
            await self._vault.write(kept, secret)
            await self._vault.forget(dropped)
        except BaseException:
            await twilio.aclose()
            raise
        await self._store.update(
            lambda state: state.note(secrets=state.live.secrets - {dropped} | {kept})
        )
        if self._twilio is not None:
            await self._twilio[1].aclose()
        self._twilio = credentials, twilio

    async def vapi(self) -> Vapi:
        """Give the client of the connected organisation.

        Raises:
            SetupError: No key is known.
        """
        if self._vapi is None:
            key = await self._vault.read(SecretName.VAPI_KEY)
            connection = self._store.state.saved.connection
            if key is None or connection is None:
                raise SetupError(ErrorCode.VAPI_KEY_NEEDED)
            self._vapi = self._vendors.vapi(key, connection.region)
        return self._vapi

    async def twilio(self) -> tuple[TwilioCredentials, Twilio]:
        """Give the client of the known account.

        Raises:
            SetupError: No credentials are known.
        """
        if self._twilio is None:
            access = self._store.state.saved.twilio
            name = (
                SecretName.TWILIO_API_SECRET
                if access and access.key_sid
                else SecretName.TWILIO_AUTH_TOKEN
            )
            secret = await self._vault.read(name)
            if access is None or secret is None:
                raise SetupError(ErrorCode.TWILIO_NEEDED)
            credentials: TwilioCredentials = (
                ApiKey(account_sid=access.account_sid, key_sid=access.key_sid, key_secret=secret)
                if access.key_sid
                else AuthToken(account_sid=access.account_sid, auth_token=secret)
            )
            self._twilio = credentials, self._vendors.twilio(credentials)
        return self._twilio
