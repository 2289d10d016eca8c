"""Which languages an assistant speaks and understands, as far as Vapi's words tell.

Source: the specification's voices and transcribers. What is left out there is said nowhere, and
gives None, except where the specification names a default. Deepgram's lists are its own documents'
(developers.deepgram.com/docs/models-languages-overview).
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ava_setup.onboarding.profile import CallersLanguage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Languages = frozenset[str] | None
_Settings = dict[str, Any]

# What finds the language out by itself has many: those that callers are answered in are named.
EVERY = frozenset().union(*(language.spoken for language in CallersLanguage))
# Some providers write names in place of codes; those that callers are answered in matter.
_NAMED = MappingProxyType({"english": "en", "french": "fr"})
_BY_ITSELF = frozenset({"auto", "multilingual"})

_TAG = re.compile(r"([a-z]{2})(?:-[a-z0-9]+)*")
_PAIR = re.compile(r"([a-z]{2})_([a-z]{2})")
# `fr-FR-DeniseNeural`, `fr-FR-Marc:MAI-Voice-2`.
_LOCALE = re.compile(r"([a-z]{2})-[A-Z]{2}-.+")

# German, English, Spanish, French, Hindi, Italian, Japanese, Dutch, Portuguese, Russian.
_TEN = EVERY & {"de", "en", "es", "fr", "hi", "it", "ja", "nl", "pt", "ru"}
_MULTI = MappingProxyType({"nova-3": _TEN, "nova-2": frozenset({"en", "es"})})


def spoken(voice: object) -> Languages:
    """Tell what a voice speaks; None when that cannot be told.

    Args:
        voice: An assistant's `voice`, whatever it is.
    """
    return _told(voice, _VOICES)


def understood(transcriber: object) -> Languages:
    """Tell what a transcriber understands; None when that cannot be told.

    Args:
        transcriber: An assistant's `transcriber`, whatever it is.
    """
    return _told(transcriber, _TRANSCRIBERS)


def _told(settings: object, table: Mapping[str, Callable[[_Settings], Languages]]) -> Languages:
    if not isinstance(settings, dict):
        return None
    tell = table.get(_text(settings, "provider"), _named)
    return tell(settings)


def _text(settings: _Settings, field: str) -> str:
    value = settings.get(field)
    return value if isinstance(value, str) else ""


def _tags(settings: _Settings) -> Iterator[str]:
    many = settings.get("languages")
    for tag in (settings.get("language"), *(many if isinstance(many, list) else ())):
        if isinstance(tag, str):
            yield tag.lower()


def _named(settings: _Settings) -> Languages:
    """Tell by the languages that are named."""
    codes: set[str] = set()
    for tag in _tags(settings):
        if tag in _BY_ITSELF:
            return EVERY
        if found := _TAG.fullmatch(tag) or _PAIR.fullmatch(tag):
            codes |= {*found.groups()}
        codes |= {_NAMED[tag]} if tag in _NAMED else set()
    return frozenset(codes) or None


def _located(settings: _Settings) -> Languages:
    """Tell by the name of a voice that begins with its locale."""
    name = _text(settings, "voiceId")
    found = _LOCALE.fullmatch(name)
    # Such a voice speaks what it is given, but which languages those are is said nowhere.
    return frozenset({found[1]}) if found and "multilingual" not in name.lower() else None


def _vapi_voice(settings: _Settings) -> Languages:
    finds_out = str(settings.get("version")) in {"2", "latest"}
    return EVERY if finds_out and settings.get("language") is None else _named(settings)


def _deepgram(settings: _Settings) -> Languages:
    model, language = _text(settings, "model"), _text(settings, "language")
    if model == "flux-general-en":
        return frozenset({"en"})
    if model == "flux-general-multi":
        return _named({"languages": settings.get("languages")}) or _TEN
    if language == "multi":
        return next((many for name, many in _MULTI.items() if model.startswith(name)), None)
    return _named({"language": language})


def _hinted(settings: _Settings) -> Languages:
    """Tell of Soniox, whose list goes before the one language, and may be no more than a hint."""
    languages = settings.get("languages")
    if not isinstance(languages, list):
        return _or_english(settings)
    strict = languages and settings.get("languageHintsStrict") is not False
    return _named({"languages": languages}) if strict else EVERY


def _or_english(settings: _Settings) -> Languages:
    return frozenset({"en"}) if settings.get("language") is None else _named(settings)


def _or_every(settings: _Settings) -> Languages:
    return _named(settings) if any(_tags(settings)) else EVERY


_VOICES: Mapping[str, Callable[[_Settings], Languages]] = MappingProxyType(
    {
        "azure": _located,
        "microsoft": _located,
        "vapi": _vapi_voice,
        "xai": _or_english,
    }
)
_TRANSCRIBERS: Mapping[str, Callable[[_Settings], Languages]] = MappingProxyType(
    {
        "deepgram": _deepgram,
        "soniox": _hinted,
        "vapi": _or_every,
        "xai": _or_english,
    }
)
