"""What this program is and what it runs on: for the first line of a log, and for a report."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from ava_setup import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LIBRARIES = ("textual", "httpx", "pydantic", "keyring")
_TERMINAL = ("TERM", "TERM_PROGRAM", "COLORTERM", "NO_COLOR")
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LC_CTYPE", "LANG")
# A proxy's address may hold a password, and a folder's name a person's: that they are set is told.
_SETTINGS = (
    "AVA_SETUP_HOME",
    "AVA_SETUP_LANG",
    "AVA_SETUP_THEME",
    "AVA_SETUP_REDUCED_MOTION",
    "AVA_SETUP_VAPI_URL",
    "AVA_SETUP_VAPI_EU_URL",
    "AVA_SETUP_TWILIO_URL",
    "AVA_SETUP_TWILIO_IE1_URL",
    "AVA_SETUP_TWILIO_AU1_URL",
    "AVA_SETUP_TWILIO_ROUTES_URL",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
)


def surroundings(environ: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Tell versions, system, terminal and settings, as (name, value) pairs; reads no file of ours.

    Args:
        environ: The process's environment; of its settings, only the names are told.
    """
    return (
        ("ava-setup", __version__),
        ("python", f"{platform.python_implementation()} {platform.python_version()}"),
        *_libraries(),
        ("system", f"{platform.system()} {platform.release()} {platform.machine()}"),
        ("terminal", _set(environ, _TERMINAL)),
        ("locale", _set(environ, _LOCALE)),
        ("settings", ", ".join(name for name in _SETTINGS if environ.get(name))),
    )


def _libraries() -> Iterator[tuple[str, str]]:
    for name in _LIBRARIES:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            yield name, "?"


def _set(environ: Mapping[str, str], names: tuple[str, ...]) -> str:
    return ", ".join(f"{name}={environ[name]}" for name in names if environ.get(name))
