"""What a review shows: each setting, where it came from, and what going live makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ava_setup.words import Text, _

if TYPE_CHECKING:
    from ava_setup.onboarding.errors import Problem
    from ava_setup.onboarding.sources import Source
    from ava_setup.onboarding.steps import StepId


class RowId(StrEnum):
    """The settings that a review can show, in the order of the steps."""

    BUSINESS = "business"
    EMAIL = "email"
    HOURS = "hours"
    LANGUAGE = "language"
    VAPI = "vapi"
    ASSISTANT = "assistant"
    GREETING = "greeting"
    INSTRUCTIONS = "instructions"
    VOICE = "voice"
    RECORDING = "recording"
    WEBHOOK = "webhook"
    TWILIO = "twilio"
    API_KEY = "api_key"
    NUMBER = "number"
    CALLS = "calls"
    CALL_ENDS = "call_ends"
    FALLBACK = "fallback"


@dataclass(frozen=True, slots=True)
class Stays:
    """Nothing is written."""

    @property
    def words(self) -> Text:
        """It in a few words."""
        return _("unchanged")


@dataclass(frozen=True, slots=True)
class Creates:
    """Something is made that was not there.

    Attributes:
        what: What is made, and where.
    """

    what: Text

    @property
    def words(self) -> Text:
        """It in a few words."""
        return _("new: {what}", what=self.what)


@dataclass(frozen=True, slots=True)
class Replaces:
    """Something that is there gives way.

    Attributes:
        before: What stands today.
        after: What stands then.
        loses: Whether somebody would miss it.
    """

    before: Text
    after: Text
    loses: bool = False

    @property
    def words(self) -> Text:
        """It in a few words."""
        form = (
            _("takes over: {before} → {after}") if self.loses else _("changes: {before} → {after}")
        )
        return Text(form.msgid, (("before", self.before), ("after", self.after)))


@dataclass(frozen=True, slots=True)
class Blocks:
    """Going live fails on it as things are.

    Attributes:
        why: What is in the way.
    """

    why: Text

    @property
    def words(self) -> Text:
        """It in a few words."""
        return _("in the way: {why}", why=self.why)


Effect = Stays | Creates | Replaces | Blocks


@dataclass(frozen=True, slots=True)
class Row:
    """One setting.

    Attributes:
        setting: Its name.
        value: What it is.
        source: Where that came from.
        step: The step that asks it.
        effect: What going live makes of it at a vendor.
    """

    id: RowId
    setting: Text
    value: Text
    source: Source
    step: StepId
    effect: Effect = Stays()

    @property
    def writes(self) -> bool:
        """Whether something is written at a vendor for it."""
        return isinstance(self.effect, Creates | Replaces)


@dataclass(frozen=True, slots=True)
class Review:
    """All that going live is to do, before any of it is done.

    Attributes:
        unread: Why a vendor could not be read, so that the rows do not tell the whole; or None.
    """

    rows: tuple[Row, ...]
    unread: Problem | None = None

    @property
    def writes(self) -> tuple[Row, ...]:
        """What is written at a vendor, in the order of the steps."""
        return tuple(row for row in self.rows if row.writes)

    @property
    def is_blocked(self) -> bool:
        """Whether going live fails as things are."""
        return any(isinstance(row.effect, Blocks) for row in self.rows)

    @property
    def is_settled(self) -> bool:
        """Whether all of it is so already, and known to be."""
        return not (self.writes or self.is_blocked or self.unread)

    def row(self, row_id: RowId) -> Row | None:
        """Give a row, or None when the review has none of this name."""
        return next((row for row in self.rows if row.id is row_id), None)
