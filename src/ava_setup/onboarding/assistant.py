"""Assistants: those that exist at Vapi, and the one about to be made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ava_setup.onboarding.composing import discloses_automation, first_words
from ava_setup.onboarding.errors import FieldProblem
from ava_setup.onboarding.profile import CallersLanguage
from ava_setup.words import Text, _

NAME_MAX = 40
GREETING_MAX = 500
INSTRUCTIONS_MAX = 20_000


class VoiceId(StrEnum):
    """A voice that Ava can have; the client knows how Vapi names it."""

    CLARA = "clara"
    NICO = "nico"
    DENISE = "denise"
    HENRI = "henri"
    SYLVIE = "sylvie"
    ANTOINE = "antoine"
    ELLIOT = "elliot"
    SAVANNAH = "savannah"
    EMMA = "emma"
    SONIA = "sonia"
    RYAN = "ryan"


_FEMALE = _("{name} (woman)")
_MALE = _("{name} (man)")
_MEN = frozenset({VoiceId.NICO, VoiceId.HENRI, VoiceId.ANTOINE, VoiceId.ELLIOT, VoiceId.RYAN})

# The first of each row is the default.
VOICES: dict[CallersLanguage, tuple[VoiceId, ...]] = {
    CallersLanguage.FR_FR: (VoiceId.CLARA, VoiceId.DENISE, VoiceId.HENRI, VoiceId.NICO),
    CallersLanguage.FR_CA: (VoiceId.CLARA, VoiceId.SYLVIE, VoiceId.ANTOINE),
    CallersLanguage.EN_GB: (VoiceId.EMMA, VoiceId.SONIA, VoiceId.RYAN, VoiceId.ELLIOT),
    CallersLanguage.EN_US: (VoiceId.SAVANNAH, VoiceId.EMMA, VoiceId.ELLIOT),
    CallersLanguage.BILINGUAL: (VoiceId.CLARA, VoiceId.ELLIOT),
}


def voice_name(voice: VoiceId) -> Text:
    """Name a voice for the person who chooses it."""
    form = _MALE if voice in _MEN else _FEMALE
    return Text(form.msgid, (("name", voice.value.capitalize()),))


@dataclass(frozen=True, slots=True)
class Assistant:
    """An assistant as Vapi has it.

    Attributes:
        id: Vapi's id.
        name: Its name, or "" (Vapi does not require one).
        created_at: ISO 8601, by Vapi's clock.
        first_message: Its first words, or "".
        org_id: The Vapi organisation that owns it.
        business_id: Our mark: the business it was made for, or "".
        create_id: Our mark: the creation that made it, or "".
        admin_email: Our mark: the owner's address, or "".
    """

    id: str
    name: str = ""
    created_at: str = ""
    first_message: str = ""
    org_id: str = ""
    business_id: str = ""
    create_id: str = ""
    admin_email: str = ""

    @property
    def label(self) -> str:
        """Its name, or the start of its id when it has none."""
        return self.name or self.id[:8]


@dataclass(frozen=True, slots=True)
class AssistantDraft:
    """An assistant about to be made, every field already read by the functions below.

    Attributes:
        create_id: Marks this creation, so that a repeated one is recognised.
    """

    name: str
    greeting: str
    instructions: str
    voice: VoiceId
    recorded: bool
    language: CallersLanguage
    admin_email: str
    business_id: str
    create_id: str

    @property
    def first_message(self) -> str:
        """What a caller hears first, with the recording notice when calls are recorded."""
        return first_words(self.greeting, self.language, recorded=self.recorded)


def read_assistant_name(typed: str) -> str:
    """Tidy an assistant's name.

    Raises:
        FieldProblem: It is empty or longer than Vapi's 40 characters (contract: vapi.md, Errors).
    """
    name = " ".join(typed.split())
    if not name:
        raise FieldProblem(_("Give it a name, for example Ava."))
    if len(name) > NAME_MAX:
        raise FieldProblem(
            _("{length} characters: Vapi takes {max} at most.", length=len(name), max=NAME_MAX)
        )
    return name


def read_greeting(typed: str) -> str:
    """Tidy the greeting; it must say that an automated assistant answers.

    Raises:
        FieldProblem: It is empty, too long, or leaves callers in the dark.
    """
    greeting = " ".join(typed.split())
    if not greeting:
        raise FieldProblem(_("Type the first words that callers hear."))
    if len(greeting) > GREETING_MAX:
        raise FieldProblem(
            _("{length} characters: keep it under {max}.", length=len(greeting), max=GREETING_MAX)
        )
    if not discloses_automation(greeting):
        raise FieldProblem(
            _("Callers have a right to know: say “virtual assistant” or “automated assistant”.")
        )
    return greeting


def read_instructions(typed: str) -> str:
    """Tidy the instructions.

    Raises:
        FieldProblem: They are empty or longer than `INSTRUCTIONS_MAX` characters.
    """
    instructions = typed.strip()
    if not instructions:
        raise FieldProblem(_("Tell the assistant what to do, or bring the ready-made text back."))
    if len(instructions) > INSTRUCTIONS_MAX:
        raise FieldProblem(
            _(
                "{length} characters: keep it under {max}.",
                length=len(instructions),
                max=INSTRUCTIONS_MAX,
            )
        )
    return instructions


def first_available(assistants: tuple[Assistant, ...], business_id: str) -> Assistant | None:
    """Choose for someone who has not: ours for this business if any, else the newest.

    Args:
        assistants: All of the organisation's, in any order (Vapi documents none).
        business_id: The business being set up.

    Returns:
        The assistant, or None when there is none at all.
    """
    ours = [assistant for assistant in assistants if assistant.business_id == business_id]
    return max(ours or assistants, key=lambda one: (one.created_at, one.id), default=None)
