"""Assistants: those that exist at Vapi, and the one about to be made."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from ava_setup.onboarding.composing import discloses_automation, first_words
from ava_setup.onboarding.errors import FieldProblem
from ava_setup.onboarding.profile import CallersLanguage
from ava_setup.words import Text, _

NAME_MAX = 40
GREETING_MAX = 500
INSTRUCTIONS_MAX = 20_000
WEBHOOK_MAX = 500


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


class Opening(StrEnum):
    """How an assistant begins a call."""

    SAYS = "says"
    WAITS = "waits"
    MADE_UP = "made_up"


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
        opening: Whether it says its first words, has the model make some up, or waits.
        voice_languages: What its voice speaks, as two-letter codes; where it finds the language
            out by itself, those that callers are answered in. None cannot be told.
        heard_languages: What its transcriber understands, likewise.
        is_quiet: Whether there is no office noise behind its voice on the telephone.
        is_recorded: Whether its calls are recorded.
        webhook_url: Where Vapi tells of its calls, or "".
        instructions: What it is told to do, as they stand at Vapi, or "".
    """

    id: str
    name: str = ""
    created_at: str = ""
    first_message: str = ""
    org_id: str = ""
    business_id: str = ""
    create_id: str = ""
    admin_email: str = ""
    opening: Opening = Opening.SAYS
    voice_languages: frozenset[str] | None = None
    heard_languages: frozenset[str] | None = None
    is_quiet: bool = False
    is_recorded: bool = True
    webhook_url: str = ""
    instructions: str = field(default="", repr=False)

    @property
    def label(self) -> str:
        """Its name, or the start of its id when it has none."""
        return self.name or self.id[:8]

    @property
    def speaks_first(self) -> bool:
        """Whether callers hear it at once; without first words it waits for theirs (spec)."""
        return self.opening is Opening.MADE_UP or (
            self.opening is Opening.SAYS and bool(self.first_message)
        )


@dataclass(frozen=True, slots=True)
class AssistantDraft:
    """An assistant about to be made, every field already read by the functions below.

    Attributes:
        create_id: Marks this creation, so that a repeated one is recognised.
        webhook_url: Where Vapi is to tell of its calls, or "".
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
    webhook_url: str = ""

    @property
    def first_message(self) -> str:
        """What a caller hears first, with the recording notice when calls are recorded."""
        return first_words(self.greeting, self.language, recorded=self.recorded)


@dataclass(frozen=True, slots=True)
class AssistantMends:
    """What is to change in an existing assistant; None stays as it is.

    Attributes:
        quiet: Whether there is to be no office noise behind its voice.
        opening_words: What it says first, without being spoken to.
        language: What it speaks and understands; its voice and its transcriber are replaced.
        voice: The voice that goes with `language`, else that language's first.
        webhook_url: Where Vapi is to tell of its calls; "" for nowhere.
        admin_email: The owner's address, among our marks.
        name: Its name.
        instructions: What it is told to do; where `language` is named too, its last words follow.
    """

    quiet: bool | None = None
    opening_words: str | None = None
    language: CallersLanguage | None = None
    voice: VoiceId | None = None
    webhook_url: str | None = None
    admin_email: str | None = None
    name: str | None = None
    instructions: str | None = None

    def __post_init__(self) -> None:
        if self.voice is not None and self.language is None:
            raise ValueError("a voice goes with a language")

    def __bool__(self) -> bool:
        """Whether there is anything to change."""
        return self != AssistantMends()


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


def read_webhook_url(typed: str) -> str:
    """Check the address that is told of calls; "" when there is to be none.

    Raises:
        FieldProblem: It is no web address, or what is told would travel in the clear.
    """
    url = typed.strip()
    if not url:
        return ""
    if url.lower().startswith("http://"):
        raise FieldProblem(_("It must begin with https://, to stay private."))
    if not _is_web_address(url):
        raise FieldProblem(_("Not a web address: copy it whole, from https:// on."))
    return url


def _is_web_address(url: str) -> bool:
    if not (url.isascii() and url.isprintable()) or " " in url or len(url) > WEBHOOK_MAX:
        return False
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    named = "." in host.strip(".") and not parts.username
    return parts.scheme == "https" and named and port != 0


def first_available(assistants: tuple[Assistant, ...], business_id: str) -> Assistant | None:
    """Choose for someone who has not: ours for this business if any, else the newest.

    Args:
        assistants: All of the organisation's, in any order (Vapi documents none).
        business_id: The business being set up, or "" when none is.

    Returns:
        The assistant, or None when there is none at all.
    """
    ours = [one for one in assistants if business_id and one.business_id == business_id]
    return max(ours or assistants, key=lambda one: (one.created_at, one.id), default=None)
