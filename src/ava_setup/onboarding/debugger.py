"""Twilio's debugger codes in plain words (contract: twilio.md, When calls fail)."""

from __future__ import annotations

from ava_setup.words import Text, _

_SOMETHING = _("something went wrong at Twilio.")
_WORDS: dict[str, Text] = {
    "11200": _("the server that should answer gave an error or nothing."),
    "11205": _("no connection could be made to the server that should answer."),
    "11210": _("the address of the server that should answer does not exist."),
    "11217": _("the server that should answer broke off."),
    "12100": _("the server that should answer gave nonsense."),
    "12300": _("the server that should answer gave something that is no call instruction."),
}


def in_plain_words(code: str) -> Text:
    """Say what a debugger code means; of one that is not known, that the call failed."""
    return _WORDS.get(code, _SOMETHING)
