"""Style sheets that are parsed once each, and matched once for each place on a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from textual.app import App
from textual.css.stylesheet import Stylesheet
from textual.widget import Widget

if TYPE_CHECKING:
    from typing import Any

    from textual.css.model import RuleSet
    from textual.css.styles import RulesMap
    from textual.dom import DOMNode

_PLACES_MAX: Final = 1000
# What more than the widget itself is told of.
_TELLING: Final = frozenset({"display", "overflow_x", "overflow_y", "visibility", "pointer"})


class _Rules(dict["str", "object"]):
    """The rules of one place.

    Attributes:
        settled: As a widget keeps them, once one has got them; None until then.
    """

    settled: dict[str, object] | None = None


class _Matched(dict["tuple[Any, ...]", "RulesMap"]):
    """What is true of a node by where it is: two at the same place look the same.

    Attributes:
        place: That of the node in question.
    """

    place: tuple[Any, ...] = ()

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        """Give the rules of a node; Textual's key has the parent itself in place of the path."""
        return super().get((self.place, *key[1:]), default)

    def __setitem__(self, key: tuple[Any, ...], rules: RulesMap) -> None:
        if len(self) >= _PLACES_MAX:
            self.clear()
        super().__setitem__((self.place, *key[1:]), cast("RulesMap", _Rules(rules)))


class KeptStylesheet(Stylesheet):
    """Textual's own forgets all it parsed at each new style, and what it matched at each change."""

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._matched = _Matched()
        self._named: dict[frozenset[str], list[RuleSet]] = {}
        self._near: list[RuleSet] | None = None

    @property
    def rules(self) -> list[RuleSet]:
        """All rules; while a node is styled, those that could be about it."""
        return super().rules if self._near is None else self._near

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take other colours; where they are the same, all that was parsed stays."""
        if variables != self._variables:
            super().set_variables(variables)

    def parse(self) -> None:
        """Parse what is new, and match all anew."""
        super().parse()
        self._matched.clear()
        self._named.clear()

    def reparse(self) -> None:
        """Parse what is new; `set_variables` forgets what a theme had its part in."""
        self.parse()

    def apply(
        self,
        node: DOMNode,
        *,
        animate: bool = False,
        cache: dict[tuple[Any, ...], RulesMap] | None = None,  # noqa: ARG002 - ours knows more
    ) -> None:
        """Style a node."""
        near = self._about(node)
        self._matched.place = _place_of(node)
        around, self._near = self._near, near
        try:
            super().apply(node, animate=animate, cache=self._matched)
        finally:
            self._near = around

    @classmethod
    def replace_rules(
        cls,
        node: DOMNode,
        rules: RulesMap,
        animate: bool = False,  # noqa: FBT001, FBT002 - as Textual calls it
    ) -> None:
        """Give a node its rules; those that it has need not be set one by one."""
        base, kept = node.styles.base, node.styles.base._rules  # noqa: SLF001 - no public way
        is_new = not kept and not node._is_mounted  # noqa: SLF001 - no public way
        if is_new and isinstance(rules, _Rules) and rules.settled is not None:
            # Each setter would only say that a widget which is not there yet must be drawn.
            cast("dict[str, Any]", kept).update(rules.settled)
            base._updates += 1  # noqa: SLF001 - no public way
            for name in _TELLING & rules.keys():
                setattr(base, name, rules[name])
            node.notify_style_update()
        elif kept == rules:
            node.notify_style_update()
        else:
            super().replace_rules(node, rules, animate=animate)
            if is_new and isinstance(rules, _Rules):
                settled = cast("dict[str, Any]", node.styles.base._rules)  # noqa: SLF001 - same
                rules.settled = {name: settled[name] for name in settled.keys() - _TELLING}

    def _about(self, node: DOMNode) -> list[RuleSet]:
        """Give the rules that name a node, in their order."""
        names = frozenset(node._selector_names)  # noqa: SLF001 - no public way
        if self._require_parse:
            self.parse()
        near = self._named.get(names)
        if near is None:
            around, self._near = self._near, None
            found = {id(rule) for name in names for rule in self.rules_map.get(name, ())}
            near = self._named[names] = [rule for rule in self.rules if id(rule) in found]
            self._near = around
        return near


def _place_of(node: DOMNode) -> tuple[Any, ...]:
    """Say by what rules can tell a node's place: all that is above it, and how that stands."""
    path: list[Any] = [type(node), _can_focus(node)]
    above = node.parent
    while above is not None:
        if isinstance(above, App):
            path.append((above.theme, above.app_focus, above.native_ansi_color, above.no_color))
        else:
            stands = above._pseudo_classes_cache_key  # noqa: SLF001 - no public way
            path.append((type(above), above.id, above.classes, stands, _can_focus(above)))
        above = above.parent
    return tuple(path)


def _can_focus(node: DOMNode) -> bool:
    return isinstance(node, Widget) and node.allow_focus()
