"""The checks about Vapi: the key, the assistant, the number's record and its link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ava_setup.onboarding.assistant import Opening
from ava_setup.onboarding.catalogue import Action, ErrorCode
from ava_setup.onboarding.facts import Absent, Found, Unknown
from ava_setup.onboarding.number import spaced
from ava_setup.onboarding.state import Region
from ava_setup.onboarding.verdicts import (
    WAITING,
    Judged,
    failed,
    failed_by,
    in_doubt,
    judged,
    noted,
    passed,
)
from ava_setup.words import Text, _, verbatim

if TYPE_CHECKING:
    from collections.abc import Callable

    from ava_setup.onboarding.assistant import Assistant
    from ava_setup.onboarding.facts import Facts
    from ava_setup.onboarding.number import VapiNumber

_REGIONS: dict[Region, Text] = {
    Region.US: _("Accepted: it belongs to the US region."),
    Region.EU: _("Accepted: it belongs to the EU region."),
    Region.CUSTOM: _("Accepted at the address that the environment names."),
}
# Where this tool does not know what the owner wants.
_GREET = _("Write the assistant's first words at dashboard.vapi.ai, Assistants.")
_OTHER_PHONE = _("Choose another fallback at dashboard.vapi.ai, Phone Numbers.")
# What is missing is entered in the wizard; everything else is kept.
_ENTER = _("Start ava-setup and enter the Vapi key: all else is kept.")


def key(facts: Facts) -> Judged:
    """Judge the Vapi key."""
    match facts.vapi:
        case Unknown(problem) if problem.code is ErrorCode.VAPI_KEY_REFUSED:
            return failed_by(problem, Action.ENTER_VAPI_KEY)
    return judged(
        facts.vapi,
        failed(_("There is no Vapi key."), Action.ENTER_VAPI_KEY, _ENTER),
        lambda region: passed(_REGIONS[region]),
    )


def exists(facts: Facts) -> Judged:
    """Judge whether the assistant that is to answer is there."""
    absent = (
        failed(
            _("The assistant that was chosen is no longer at Vapi."),
            Action.CHOOSE_ASSISTANT,
            _("Start ava-setup and choose another assistant."),
        )
        if facts.chosen
        else failed(
            _("There is no assistant at Vapi."),
            Action.MAKE_ASSISTANT,
            _("Start ava-setup: it makes an assistant with you."),
        )
    )
    return judged(facts.assistant, absent, lambda assistant: passed(verbatim(assistant.label)))


def _of_assistant(facts: Facts, judge: Callable[[Assistant], Judged]) -> Judged:
    """Judge a quality of the assistant that is to answer; without one there is none."""
    return judged(facts.assistant, in_doubt(_("No assistant to look at.")), judge)


def first_words(facts: Facts) -> Judged:
    """Judge whether callers are greeted."""

    def judge(assistant: Assistant) -> Judged:
        match assistant.opening:
            case Opening.WAITS:
                return failed(_("It waits for the caller to speak first."), Action.GREET, _GREET)
            case Opening.MADE_UP:
                return noted(_("It makes its first words up at each call."))
        if not assistant.first_message.strip():
            detail = _("It has no first words: callers hear silence.")
            return failed(detail, Action.GREET, _GREET)
        return passed(_("“{words}”", words=assistant.first_message))

    return _of_assistant(facts, judge)


def voice(facts: Facts) -> Judged:
    """Judge whether the assistant speaks the callers' language."""
    return _of_assistant(facts, lambda one: _language(facts, one.voice_languages, _SPEAKS))


def hearing(facts: Facts) -> Judged:
    """Judge whether the assistant understands the callers' language."""
    return _of_assistant(facts, lambda one: _language(facts, one.heard_languages, _UNDERSTANDS))


_SPEAKS = (_("It speaks {languages}."), _("It speaks {languages}, not {missing}."))
_UNDERSTANDS = (
    _("It understands {languages}."),
    _("It understands {languages}, not {missing}."),
)
_NAMES = {"fr": _("French"), "en": _("English")}


def _language(facts: Facts, has: frozenset[str] | None, said: tuple[Text, Text]) -> Judged:
    if has is None:
        return in_doubt(_("Vapi does not say which languages."))
    wanted = facts.wanted.languages
    good, bad = said
    missing = wanted - has
    languages = _listed(has)
    if not missing:
        return passed(Text(good.msgid, (("languages", languages),)))
    params = (("languages", languages), ("missing", _listed(missing)))
    return failed(Text(bad.msgid, params), Action.CHANGE_LANGUAGE)


def _listed(languages: frozenset[str]) -> Text:
    first, *others = sorted(languages)
    text = _NAMES.get(first, verbatim(first))
    for other in others:
        name = _NAMES.get(other, verbatim(other))
        text = _("{languages} and {more}", languages=text, more=name)
    return text


def quiet(facts: Facts) -> Judged:
    """Judge whether callers hear made-up office noise."""

    def judge(assistant: Assistant) -> Judged:
        if assistant.is_quiet:
            return passed(_("Off."))
        return failed(_("On: callers hear the noise of an office."), Action.SILENCE_BACKGROUND)

    return _of_assistant(facts, judge)


def recording(facts: Facts) -> Judged:
    """Judge whether the owner must know that calls are recorded."""

    def judge(assistant: Assistant) -> Judged:
        if assistant.is_recorded:
            return noted(_("On: calls are recorded, and callers have a right to be told."))
        return passed(_("Off."))

    return _of_assistant(facts, judge)


def imported(facts: Facts) -> Judged:
    """Judge the number's record at Vapi."""
    if isinstance(facts.vapi_number, Absent) and not facts.written:
        return WAITING

    def judge(number: VapiNumber) -> Judged:
        if number.status == "blocked":
            how = _("Ask Vapi's support why the number is blocked: dashboard.vapi.ai.")
            return failed(_("Vapi has blocked this number."), how=how)
        if number.status == "activating":
            how = _("Look again in a few minutes.")
            return failed(_("Vapi is still activating this number."), Action.RETRY, how)
        return passed(_("Known to Vapi and active."))

    absent = failed(_("Your Vapi organisation does not have this number."), Action.LINK)
    return judged(facts.vapi_number, absent, judge)


def linked(facts: Facts) -> Judged:
    """Judge what the number's record is linked to."""
    if not facts.written:
        return WAITING

    def judge(number: VapiNumber) -> Judged:
        if wrong := _without_assistant(facts, number):
            return failed(wrong, Action.LINK)
        if not isinstance(facts.assistant, Found):
            return in_doubt(_("The assistant could not be read."))
        if number.assistant_id != facts.assistant.value.id:
            return failed(_("Another assistant is linked to it."), Action.LINK)
        return passed(_("Answered by {name}.", name=facts.assistant.value.label))

    absent = failed(_("Not at Vapi, and so linked to nothing."), Action.LINK)
    return judged(facts.vapi_number, absent, judge)


def _without_assistant(facts: Facts, number: VapiNumber) -> Text | None:
    """Say why no assistant at all answers, or None when one does."""
    if number.squad_id:
        return _("A squad of assistants answers instead.")
    if number.workflow_id:
        return _("A workflow answers instead.")
    if number.assistant_id is None:
        return _("No assistant is linked to it.")
    if isinstance(facts.linked, Absent):
        return _("The assistant that was linked to it is deleted.")
    return None


def fallback(facts: Facts) -> Judged:
    """Judge whether somebody is rung when Ava cannot answer."""
    wanted = facts.wanted.fallback

    def judge(number: VapiNumber) -> Judged:
        if number.fallback_number == number.number:
            detail = _("It rings itself: calls would go in a circle.")
            return failed(detail, Action.SET_FALLBACK, _OTHER_PHONE)
        if wanted and number.fallback_number != wanted:
            return failed(
                _("{number} should be rung, and is not.", number=spaced(wanted)),
                Action.SET_FALLBACK,
            )
        if not number.fallback_number:
            return noted(_("Nobody is rung then. You can give a number."))
        return passed(_("{number} is rung.", number=spaced(number.fallback_number)))

    return judged(facts.vapi_number, in_doubt(_("Not at Vapi.")), judge)
