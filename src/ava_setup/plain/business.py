"""The business as questions: three to answer, the others to accept with one Enter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.front.hours_note import hours_note, is_slip
from ava_setup.front.offered import offered_profile, slip
from ava_setup.front.telephones import read_fallback
from ava_setup.onboarding.assistant import read_webhook_url
from ava_setup.onboarding.guidance import FIELDS
from ava_setup.onboarding.number import spaced
from ava_setup.onboarding.profile import (
    CALLERS_LANGUAGE_NAMES,
    TRADE_NAMES,
    CallersLanguage,
    Profile,
    Trade,
    read_business_name,
    read_email,
    read_hours,
    read_time_zone,
)
from ava_setup.plain.prompts import Asked
from ava_setup.plain.scene import in_turn
from ava_setup.plain.sheet import Entry, accept
from ava_setup.words import NOTHING, Text, _, verbatim

if TYPE_CHECKING:
    from ava_setup.plain.scene import Scene

_NONE = _("none")


async def ask_business(scene: Scene) -> None:
    """Ask about the business, and keep it.

    Raises:
        Back: `<` at the first question.
    """
    business = _Business(scene)
    await in_turn(business.ask_name, business.ask_email, business.ask_trade, business.ask_rest)
    scene.talk.say(_("Kept: {name}.", name=business.name))


class _Business:
    """The questions, and the answers so far."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        known = scene.state.saved.profile or offered_profile(scene.talk.voice)
        self.name = scene.earlier("business-name", known.business_name)
        self._email = scene.earlier("email", known.admin_email)
        self._trade = Trade(scene.earlier("trade", known.trade))
        spoken = (scene.talk.fills or {}).get("callers-language", known.callers_language)
        self._language = CallersLanguage(scene.earlier("callers-language", spoken))
        self._hours = scene.earlier("opening-hours", known.opening_hours)
        self._zone = scene.earlier("time-zone", known.time_zone)
        more = scene.state.saved.profile
        self._fallback = scene.earlier("fallback-number", more.fallback_number if more else "")
        self._webhook = scene.earlier("webhook-url", more.webhook_url if more else "")

    async def ask_name(self) -> bool:
        """Ask for the name that callers know."""
        self.name = await self._scene.ask(Asked("business-name", read_business_name, self.name))
        return True

    async def ask_email(self) -> bool:
        """Ask for the one e-mail address."""
        self._email = await self._scene.ask(Asked("email", read_email, self._email, note=slip))
        return True

    async def ask_trade(self) -> bool:
        """Ask what the business does."""
        names = [(one.value, name) for one, name in TRADE_NAMES.items()]
        chosen = await self._scene.choose("trade", _title("trade"), names, self._trade)
        self._trade = Trade(chosen)
        return True

    async def ask_rest(self) -> bool:
        """Have the rest accepted or changed, then keep the whole."""
        entries = (
            Entry(
                _title("callers-language"),
                lambda: CALLERS_LANGUAGE_NAMES[self._language],
                self._ask_language,
            ),
            Entry(_title("opening-hours"), lambda: verbatim(self._hours), self._ask_hours),
            Entry(_title("time-zone"), lambda: verbatim(self._zone), self._ask_zone),
            Entry(
                _title("fallback-number"),
                lambda: verbatim(spaced(self._fallback)) if self._fallback else _NONE,
                self._ask_fallback,
            ),
            Entry(
                _title("webhook-url"),
                lambda: verbatim(self._webhook) if self._webhook else _NONE,
                self._ask_webhook,
            ),
        )
        await accept(self._scene.talk, entries)
        await self._scene.attempt(self._save)
        return True

    async def _ask_language(self) -> None:
        names = [(one.value, name) for one, name in CALLERS_LANGUAGE_NAMES.items()]
        title = _title("callers-language")
        chosen = await self._scene.choose("callers-language", title, names, self._language)
        self._language = CallersLanguage(chosen)

    async def _ask_hours(self) -> None:
        language = self._scene.talk.voice.language

        def note(typed: str) -> Text:
            return hours_note(typed, language) if is_slip(typed) else NOTHING

        asked = Asked("opening-hours", read_hours, self._hours, note=note)
        self._hours = await self._scene.ask(asked)
        self._scene.talk.say(hours_note(self._hours, language))

    async def _ask_zone(self) -> None:
        self._zone = await self._scene.ask(Asked("time-zone", read_time_zone, self._zone))

    async def _ask_fallback(self) -> None:
        offered = spaced(self._fallback) if self._fallback else ""
        asked = Asked("fallback-number", self._read_fallback, offered, optional=True)
        self._fallback = await self._scene.ask(asked)
        await self._scene.keep("fallback-number", self._fallback)

    def _read_fallback(self, typed: str) -> str:
        number = self._scene.state.saved.number
        return read_fallback(typed, self._language, number.number if number else "")

    async def _ask_webhook(self) -> None:
        asked = Asked("webhook-url", read_webhook_url, self._webhook, optional=True)
        self._webhook = await self._scene.ask(asked)

    async def _save(self) -> None:
        await self._scene.setup.save_profile(
            Profile(
                business_name=self.name,
                admin_email=self._email,
                trade=self._trade,
                opening_hours=self._hours,
                callers_language=self._language,
                time_zone=self._zone,
                fallback_number=self._fallback,
                webhook_url=self._webhook,
            )
        )


def _title(field_id: str) -> Text:
    return FIELDS[field_id].title
