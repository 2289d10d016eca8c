"""Who could answer: a new, ready-made assistant, or one that exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets.option_list import Option

from ava_setup.tui.textual_defects import plain
from ava_setup.tui.widgets.pick_list import PickList
from ava_setup.tui.widgets.spoken import say
from ava_setup.words import _

if TYPE_CHECKING:
    from ava_setup.onboarding.assistant import Assistant

_NEW = "new"
_READY_MADE = _("+ A ready-made Ava")


class AssistantList(PickList):
    """The newest first, below the ready-made one."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self.assistants: tuple[Assistant, ...] = ()

    def show(self, assistants: tuple[Assistant, ...], wanted: str | None) -> None:
        """List these assistants; nothing moves when they are the ones listed.

        Args:
            assistants: All of the organisation's, in any order.
            wanted: Id of the one to highlight, or None for the ready-made one.
        """
        if assistants == self.assistants:
            return
        self.assistants = assistants
        self.clear_options()
        self.add_option(Option(say(self, _READY_MADE), id=_NEW))
        newest_first = sorted(assistants, key=lambda one: one.created_at, reverse=True)
        self.add_options(Option(plain(one.label), id=one.id) for one in newest_first)
        self.highlighted = self.get_option_index(wanted or _NEW)

    @property
    def picked(self) -> Assistant | None:
        """The existing assistant that is highlighted, or None for a ready-made one."""
        option = self.highlighted_option
        return next((one for one in self.assistants if option and one.id == option.id), None)

    def speak(self) -> None:
        """Name the ready-made one in the app's language."""
        if self.option_count:
            self.replace_option_prompt(_NEW, say(self, _READY_MADE))
