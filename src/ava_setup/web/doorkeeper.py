"""Who may come in: one browser of this computer, by a link that opens once. Pure, no socket.

What textual-serve itself lets in is any page of any site: a page elsewhere could open its socket
and type into the wizard. Here, whoever asks must name this very address (a name that somebody had
point to this computer is turned away), come from this very page, and hold the cookie that the
link's first use gave.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOKEN_BYTES = 32


class Refusal(Enum):
    """Why somebody is turned away."""

    OTHER_ADDRESS = "other_address"
    OTHER_PAGE = "other_page"
    USED = "used"
    NO_COOKIE = "no_cookie"


@dataclass(frozen=True, slots=True)
class Welcome:
    """The link was used for the first time.

    Attributes:
        cookie: What to give to this browser.
    """

    cookie: str


class Doorkeeper:
    """Keeps the door of one address.

    Args:
        host: The name in it, and its port: `127.0.0.1:8000`.
    """

    def __init__(self, host: str) -> None:
        self._host = host
        self._token = secrets.token_urlsafe(_TOKEN_BYTES)
        self._cookie = secrets.token_urlsafe(_TOKEN_BYTES)
        self._is_used = False
        # Browsers give a cookie to every port of a host: the name keeps two wizards apart.
        self.cookie_name = f"ava-setup-{host.rpartition(':')[2]}"

    @property
    def origin(self) -> str:
        """Where its pages come from."""
        return f"http://{self._host}"

    @property
    def link(self) -> str:
        """The link that opens once."""
        return f"{self.origin}/?token={self._token}"

    def judge(
        self,
        headers: Mapping[str, str],
        cookies: Mapping[str, str],
        *,
        token: str | None,
        must_name_origin: bool,
    ) -> Welcome | Refusal | None:
        """Judge a request.

        Args:
            headers: The request's.
            cookies: The request's.
            token: The one in the address, or None.
            must_name_origin: Whether browsers always say where such a request comes from.

        Returns:
            A welcome to the first who uses the link, a refusal, or None: let it in.
        """
        if headers.get("Host") != self._host:
            return Refusal.OTHER_ADDRESS
        origin = headers.get("Origin")
        if origin != self.origin and (must_name_origin or origin is not None):
            return Refusal.OTHER_PAGE
        if token is not None:
            return self._open(token)
        held = cookies.get(self.cookie_name, "")
        return None if _same(held, self._cookie) else Refusal.NO_COOKIE

    def _open(self, token: str) -> Welcome | Refusal:
        if self._is_used or not _same(token, self._token):
            return Refusal.USED
        self._is_used = True
        return Welcome(self._cookie)


def _same(given: str, known: str) -> bool:
    return secrets.compare_digest(given.encode(errors="replace"), known.encode())
