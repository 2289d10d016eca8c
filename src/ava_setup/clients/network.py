"""What carries requests: connections to one address, and whom they trust."""

from __future__ import annotations

import os
import ssl
from functools import lru_cache

import httpx

from ava_setup import __version__
from ava_setup.clients.addresses import is_loopback

# Contract: twilio.md, When calls fail: 10 s to connect, 30 s in all.
CONNECT_S = 10.0
TOTAL_S = 30.0
# Vendors close what is idle after a minute.
_KEPT_OPEN_S = 45.0
# The edge turns some default agents away (contract: vapi.md, Hosts, keys).
USER_AGENT = f"ava-setup/{__version__} (+python)"


def network(
    address: str,
    *,
    auth: httpx.Auth | None = None,
    wire: httpx.AsyncBaseTransport | None = None,
) -> httpx.AsyncClient:
    """Make what sends requests to an address.

    Args:
        address: Everything goes there and nowhere else.
        auth: Signs each request.
        wire: Replaces the network.
    """
    local = is_loopback(httpx.URL(address))
    return httpx.AsyncClient(
        auth=auth,
        headers={"User-Agent": USER_AGENT, "Accept": "application/json"},
        timeout=httpx.Timeout(TOTAL_S, connect=CONNECT_S),
        # As long as a person looks at a step: the handshake is not made again for the next.
        limits=httpx.Limits(keepalive_expiry=_KEPT_OPEN_S),
        follow_redirects=False,
        # A proxy of the environment must not see what is meant for this computer.
        trust_env=not local,
        # Plain http needs no certificates.
        verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if address.startswith("http:")
        else trusted(),
        transport=wire,
    )


def trusted() -> ssl.SSLContext:
    """Give the certificates of this computer. The first time it blocks, for 20 ms.

    Raises:
        OSError: They cannot be read.
    """
    return _trusted(*map(os.environ.get, ("SSL_CERT_FILE", "SSL_CERT_DIR")))


@lru_cache(1)
def _trusted(_file: str | None, _folder: str | None) -> ssl.SSLContext:
    return httpx.create_ssl_context()
