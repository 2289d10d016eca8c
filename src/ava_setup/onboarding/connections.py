"""The clients in use: opened from the vault when needed, replaced when credentials change."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import uuid4

from ava_setup.onboarding.credentials import ApiKey, AuthToken, SecretName, TwilioCredentials
from ava_setup.onboarding.errors import ErrorCode, SetupError, StoreError
from ava_setup.onboarding.state import Connection

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import SecretStr

    from ava_setup.onboarding.ports import Store, Twilio, Vapi, Vault, Vendors
    from ava_setup.onboarding.state import Region, State


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

    async def keep_vapi(self, key: SecretStr, region: Region, vapi: Vapi) -> Connection:
        """Use a client whose key was accepted, and keep the key.

        Returns:
            The earlier connection when the key is the earlier one, else a new one.

        Raises:
            StoreError: The key could not be kept; the earlier client stays in use.
        """
        try:
            connection = await self._keep_key(key, region)
        except BaseException:
            await vapi.aclose()
            raise
        # Cut short from here on, the new client is the one in use.
        earlier, self._vapi = self._vapi, vapi
        await self._store.update(
            lambda state: state.note(secrets=state.live.secrets | {SecretName.VAPI_KEY})
        )
        if earlier is not None:
            await earlier.aclose()
        return connection

    async def _keep_key(self, key: SecretStr, region: Region) -> Connection:
        earlier, name = self._store.state.saved.connection, SecretName.VAPI_KEY
        if earlier and earlier.region is region and await self._vault.read(name) == key:
            await self._vault.write(name, key)
            return earlier
        # Cut short from here on, the key must not be taken for the earlier organisation's.
        await self._store.update(lambda state: state.save(connection=None))
        try:
            await self._vault.write(name, key)
        except StoreError:
            if await self._vault.read(name) != key:
                with suppress(StoreError):
                    await self._store.update(lambda state: state.save(connection=earlier))
            raise
        return Connection(region=region, id=uuid4().hex)

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
        earlier, self._twilio = self._twilio, (credentials, twilio)
        await self._store.update(
            lambda state: state.note(secrets=state.live.secrets - {dropped} | {kept})
        )
        if earlier is not None:
            await earlier[1].aclose()

    async def take_up_key(self, key: ApiKey, note: Callable[[State], State]) -> None:
        """Use a proven API key in place of the auth token, and forget the token.

        In this order: wherever it is cut short, what is kept opens Twilio.

        Args:
            key: Its secret is kept first.
            note: Makes it the key in use, by name.

        Raises:
            StoreError: It could not be kept, or the token not be forgotten.
        """
        kept = SecretName.TWILIO_API_SECRET
        await self._vault.write(kept, key.key_secret)
        try:
            await self._store.update(
                lambda state: note(state.note(secrets=state.live.secrets | {kept}))
            )
        except StoreError:
            with suppress(StoreError):
                await self._vault.forget(kept)
            raise
        finally:
            # What is kept says which client is opened next.
            await self._close_twilio()
        await self.forget_spare_token()

    async def forget_spare_token(self) -> None:
        """Forget an auth token that an API key has replaced.

        Raises:
            StoreError: It is still there.
        """
        credentials, token = await self.credentials(), SecretName.TWILIO_AUTH_TOKEN
        if isinstance(credentials, ApiKey) and await self._vault.read(token) is not None:
            await self._vault.forget(token)
            await self._store.update(lambda state: state.note(secrets=state.live.secrets - {token}))

    async def _close_twilio(self) -> None:
        if self._twilio is not None:
            opened, self._twilio = self._twilio, None
            await opened[1].aclose()

    async def vapi(self) -> Vapi:
        """Give the client of the connected organisation.

        Raises:
            SetupError: No key is known.
        """
        connection = self._store.state.saved.connection
        if connection is None:
            raise SetupError(ErrorCode.VAPI_KEY_NEEDED)
        if self._vapi is None:
            key = await self._vault.read(SecretName.VAPI_KEY)
            if key is None:
                raise SetupError(ErrorCode.VAPI_KEY_NEEDED)
            self._vapi = self._vendors.vapi(key, connection.region)
        return self._vapi

    async def twilio(self) -> tuple[TwilioCredentials, Twilio]:
        """Give the client of the known account.

        Raises:
            SetupError: No credentials are known.
        """
        if self._twilio is None:
            credentials = await self.credentials()
            if credentials is None:
                raise SetupError(ErrorCode.TWILIO_NEEDED)
            access = self._store.state.saved.twilio
            region = access.region if access else self._vendors.twilio_regions[0]
            self._twilio = credentials, self._vendors.twilio(credentials, region)
        return self._twilio

    async def credentials(self) -> TwilioCredentials | None:
        """Give the Twilio credentials that are kept, or None when they are not whole."""
        access = self._store.state.saved.twilio
        if access is None:
            return None
        if not access.key_sid:
            token = await self._vault.read(SecretName.TWILIO_AUTH_TOKEN)
            return AuthToken(account_sid=access.account_sid, auth_token=token) if token else None
        secret = await self._vault.read(SecretName.TWILIO_API_SECRET)
        if secret is None:
            return None
        return ApiKey(account_sid=access.account_sid, key_sid=access.key_sid, key_secret=secret)
