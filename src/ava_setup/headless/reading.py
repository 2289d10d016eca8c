"""Reads an answer file: everything that is wrong with it at once, each with its line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, get_args

import spanned_toml
from pydantic import BaseModel, ValidationError

from ava_setup.headless.answer_file import AnswerFile
from ava_setup.onboarding.errors import FieldProblem
from ava_setup.words import Text, _, verbatim

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic_core import ErrorDetails

# Where something stands in the file: keys, and places in lists.
Spot = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong with a file.

    Attributes:
        line: Counted from 1.
        where: The key, such as `business[2].vapi.key`; "" is the file itself.
    """

    line: int
    where: str
    text: Text

    @property
    def words(self) -> Text:
        """The whole in one sentence."""
        if not self.where:
            return _("line {line}: {problem}", line=self.line, problem=self.text)
        return _(
            "line {line}, {where}: {problem}", line=self.line, where=self.where, problem=self.text
        )


class InvalidFileError(Exception):
    """A file cannot be used.

    Attributes:
        faults: All of them, in the order of the file; at least one.
    """

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Read:
    """A valid file.

    Attributes:
        answers: What it says.
        lines: Where in it things stand, for what turns out to be wrong later.
    """

    answers: AnswerFile
    lines: Lines


def read(source: str) -> Read:
    """Read an answer file.

    Raises:
        InvalidFileError: Nothing of it is to be used.
    """
    # Places are counted in what the parser sees.
    source = source.replace("\r\n", "\n")
    try:
        document = spanned_toml.loads(source)
    except spanned_toml.TOMLDecodeError as error:
        raise InvalidFileError((_not_toml(str(error), source),)) from None
    lines = Lines(source, document)
    try:
        answers = AnswerFile.model_validate(document.unspan())
    except ValidationError as error:
        errors = error.errors(include_url=False)
        # What is wrong inside a list counts as not there, to pydantic.
        told = [one for one in errors if one["type"] != "too_short"] or errors
        faults = {_fault(one, lines) for one in told}
        raise InvalidFileError(tuple(sorted(faults, key=_in_order))) from None
    if repeated := tuple(_repeated(answers, lines)):
        raise InvalidFileError(repeated)
    return Read(answers, lines)


def _in_order(fault: Fault) -> tuple[int, str]:
    return fault.line, fault.where


class Lines:
    """Where in a file each key stands."""

    def __init__(self, source: str, document: Any) -> None:
        self._source = source
        self._starts: dict[Spot, int] = {}
        self._note((), document)

    def of(self, spot: Spot) -> int:
        """Give the line of a key, counted from 1; of one that is missing, its table's."""
        while spot and spot not in self._starts:
            spot = spot[:-1]
        return self._source.count("\n", 0, self._starts.get(spot, 0)) + 1

    def _note(self, spot: Spot, value: Any) -> None:
        inner = value.inner()
        if isinstance(inner, dict):
            for key, below in inner.items():
                at = (*spot, key.inner())
                self._starts[at] = key.span().start
                self._note(at, below)
        elif isinstance(inner, list):
            for place, below in enumerate(inner):
                at = (*spot, place)
                self._starts[at] = self._of_element(at, below)
                self._note(at, below)

    def _of_element(self, at: Spot, value: Any) -> int:
        """Give where a table of a list begins: the parser tells it only of other values."""
        if value.span().stop:
            start: int = value.span().start
            return start
        place, header = at[-1], f"[[{at[0]}]]"
        found = -1
        for _nth in range(int(place) + 1):
            found = self._source.find(header, found + 1)
        return max(found, 0)


def _not_toml(message: str, source: str) -> Fault:
    """Say where a text stops being TOML; the parser ends its sentence with the place."""
    words, _at, place = message.partition(" (at ")
    numbers = [int(part) for part in place.replace(",", " ").rstrip(")").split() if part.isdigit()]
    line = numbers[0] if numbers else source.count("\n") + 1
    return Fault(line, "", _("this is not TOML: {words}", words=verbatim(words)))


def _fault(error: ErrorDetails, lines: Lines) -> Fault:
    spot = _spot(error["loc"], error["type"])
    where = written(spot)
    return Fault(lines.of(spot), where, _sentence(error, spot))


def _spot(loc: tuple[str | int, ...], kind: str) -> Spot:
    """Give where an error is in the file, without what only the model knows of its variants."""
    spot: list[str | int] = []
    for place, part in enumerate(loc):
        before = loc[place - 1] if place else ""
        is_variant = before in _VARIED and part in _VARIANTS and _is_tag(loc, place, kind)
        if not is_variant:
            spot.append(part)
    return tuple(spot)


_VARIED = frozenset({"key", "auth_token", "key_secret", "assistant"})
_VARIANTS = frozenset({"env", "file", "keyring", "prompt", "new", "id", "choose"})


def _is_tag(loc: tuple[str | int, ...], place: int, kind: str) -> bool:
    """Whether a part names a variant; pydantic puts its name before the key that is wrong."""
    return place < len(loc) - 1 or kind not in {"missing", "extra_forbidden"}


def written(spot: Spot) -> str:
    """Write where something stands, `business[2].vapi.key`."""
    written = ""
    for part in spot:
        if isinstance(part, int):
            written += f"[{part + 1}]"
        else:
            written += f".{part}" if written else part
    return written


def _sentence(error: ErrorDetails, spot: Spot) -> Text:
    context: Mapping[str, Any] = error.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, FieldProblem):
        return cause.text
    if error["type"] == "extra_forbidden":
        return _unknown(spot)
    if error["type"] in {"enum", "literal_error"}:
        expected = str(context["expected"])
        # Quoted, be it alone or in an enum's name; a number is not.
        values = re.findall(r"'([^']*)'", expected) or [expected]
        return _("must be one of: {values}", values=verbatim(", ".join(values)))
    return _SENTENCES.get(error["type"], _ODD)


_TABLE = _("must be a table")
_ODD = _("is not written as it must be; see ava-setup schema")
_SENTENCES: dict[str, Text] = {
    "missing": _("is missing"),
    "too_short": _("at least one is needed"),
    "string_type": _("must be a text, in quotes"),
    "bool_type": _("must be true or false"),
    "bool_parsing": _("must be true or false"),
    "model_type": _TABLE,
    "model_attributes_type": _TABLE,
    "tuple_type": _TABLE,
}


def _unknown(spot: Spot) -> Text:
    key = str(spot[-1])
    known = tuple(_keys_beside(spot))
    close = get_close_matches(key, known, 1, cutoff=0.6)
    if close:
        return _("is not known; did you mean {key}?", key=close[0])
    return _("is not known; known here: {keys}", keys=", ".join(known))


def _keys_beside(spot: Spot) -> Iterator[str]:
    """Give the keys that may stand where an unknown one does."""
    models: list[type[BaseModel]] = [AnswerFile]
    for part in spot[:-1]:
        if isinstance(part, str):
            fields = [m.model_fields[part] for m in models if part in m.model_fields]
            models = [model for field in fields for model in _models_in(field.annotation)]
    for model in models:
        yield from model.model_fields


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Give the models that an annotation is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def _repeated(answers: AnswerFile, lines: Lines) -> Iterator[Fault]:
    """Find names and numbers that two businesses share: one would undo the other."""
    names: dict[str, int] = {}
    numbers: dict[str, int] = {}
    for place, business in enumerate(answers.business):
        for seen, value, below in (
            (names, business.name, ("name",)),
            (numbers, business.phone.number, ("phone", "number")),
        ):
            spot: Spot = ("business", place, *below)
            first = seen.setdefault(value, place)
            if first != place:
                earlier = lines.of(("business", first, *below))
                text = _("stands already in line {line}: {value}", line=earlier, value=value)
                yield Fault(lines.of(spot), written(spot), text)
