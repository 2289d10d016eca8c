"""Each of Textual's defects, shown to be handled.

Pilot waits between keys and draws nothing, so whatever is about bursts, signals or the terminal
itself is tested in a real one: this module, run as a program, is the app in it.
"""

from __future__ import annotations

import asyncio
import gc
import io
import re
import signal
import subprocess
import sys
import threading
import time
import weakref
from itertools import count
from typing import TYPE_CHECKING, Final, cast
from unittest.mock import Mock

import pytest
from rich.segment import Segment
from textual import events, on
from textual.app import App
from textual.cache import FIFOCache
from textual.containers import Horizontal, VerticalScroll
from textual.strip import Strip
from textual.widgets import Button, Input, OptionList, TextArea
from textual.widgets._toast import Toast

from ava_setup.tui.textual_defects import (
    ManyLines,
    PlainText,
    QuietCollector,
    ScrollBox,
    SecretField,
    SteadyApp,
    SteadyModal,
    SteadyScreen,
    TerminalProblem,
    TextField,
    WordedRule,
    background,
    plain,
    refuse_bad_terminal,
    run_steadily,
)
from ava_setup.tui.textual_defects.buttons import CompactButton
from ava_setup.tui.textual_defects.drawings import let_drawings_go
from ava_setup.tui.textual_defects.styles import KeptStylesheet
from tests.canaries import MARK
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from textual.app import ComposeResult

SECRET: Final = MARK
RESETS: Final = count(1)


class Form(SteadyScreen[None]):
    """Fields, and a line that says what they hold."""

    BINDINGS = [
        ("f2", "reset"),
        ("f3", "crash"),
        ("f4", "fail"),
        ("f5", "ask"),
        ("f6", "toast"),
        ("f7", "switch"),
        ("f8", "stall"),
        ("f9", "finish"),
    ]

    note = ""
    resets = 0

    def compose(self) -> ComposeResult:
        with ScrollBox():
            yield PlainText(id="state")
            with Horizontal():
                yield TextField(id="first")
                yield SecretField(id="secret")
            yield TextField(id="short", max_length=8)
            yield ManyLines(id="words")
            yield OptionList(*(plain(f"[/{n}]") for n in range(9)), id="options")
            yield Button("Next", id="next")

    def action_reset(self) -> None:
        for field in self.query(Input):
            field.clear()
        self.query_one("#words", TextArea).clear()
        self.query_one("#first").focus()
        Form.resets += 1
        self.say(f"reset {Form.resets}")

    def say(self, note: str) -> None:
        self.note = note
        self.show()

    @on(Input.Changed)
    @on(TextArea.Changed)
    def show(self) -> None:
        first, short = (self.query_one(f"#{name}", TextField).value for name in ("first", "short"))
        secret = self.query_one("#secret", SecretField).value
        words = self.query_one("#words", ManyLines).text
        said = f"<{first}> <{len(secret)} hidden> <{short}> {words!r} {self.note}."
        self.query_one("#state", PlainText).update(plain(said))

    @on(Input.Submitted)
    def next_field(self, event: Input.Submitted) -> None:
        self.say(f"submitted {len(event.value)}")
        self.focus_next()

    @on(TextField.PasteCut)
    def tell_cut(self, event: TextField.PasteCut) -> None:
        self.say(f"kept {event.kept} of {event.wanted}")

    @on(Button.Pressed)
    def tell_pressed(self) -> None:
        self.say("pressed")

    def action_crash(self) -> None:
        kept = self.query_one("#secret", SecretField).value
        raise ValueError(kept)

    def action_fail(self) -> None:
        self.fail()

    @background("failing")
    async def fail(self) -> None:
        raise LookupError(SECRET)

    @background("asking")
    async def action_ask(self) -> None:
        answer: str = await self.app.push_screen_wait(Question())
        self.say(f"answered {answer}")

    def action_switch(self) -> None:
        self.app.switch_screen(Other())

    @background("stalling")
    async def action_stall(self) -> None:
        self.say("stalled")
        await asyncio.to_thread(threading.Event().wait)

    def action_toast(self) -> None:
        self.notify("[/saved]", title="Kept")

    def action_finish(self) -> None:
        self.app.exit(message="Everything is kept.")


class Question(SteadyModal[str]):
    def compose(self) -> ComposeResult:
        yield TextField(id="answer")

    @on(Input.Submitted)
    def close(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)


class Other(SteadyScreen[None]):
    BINDINGS = [("escape", "back")]

    def compose(self) -> ComposeResult:
        with ScrollBox(), ScrollBox(), ScrollBox(), ScrollBox(), ScrollBox():
            yield TextField(id="other")
        yield PlainText(id="echo")

    @on(Input.Changed)
    def echo(self, event: Input.Changed) -> None:
        self.query_one("#echo", PlainText).update(f"<{event.value}>")

    def action_back(self) -> None:
        self.app.switch_screen(Form())


class FormApp(SteadyApp[None]):
    CSS = """
    #echo { dock: top; }
    #words, #options { height: 4; }
    Horizontal { height: 3; }
    Input { width: 1fr; }
    """

    def get_default_screen(self) -> SteadyScreen[None]:
        return Form()

    def last_words(self, error: BaseException) -> str:
        return f"Sorry: {type(error).__name__}."


class Forgiving(FormApp):
    def worker_failed(self, error: Exception) -> None:
        assert isinstance(self.screen, Form)
        self.screen.say(f"told of {type(error).__name__}")


def form_in(env: Mapping[str, str] | None = None, app: str = "FormApp") -> Terminal:
    return Terminal([sys.executable, "-m", "tests.tui.test_textual_defects", app], env=env)


class Bare(App[None]):
    """Textual's own app, in which the fields stand alone."""

    CSS = FormApp.CSS

    def get_default_screen(self) -> SteadyScreen[None]:
        return Form()


@pytest.fixture(scope="module")
def running() -> Iterator[Terminal]:
    with form_in(app="Forgiving") as terminal:
        yield terminal.wait_for("Next")


@pytest.fixture
def form(running: Terminal) -> Terminal:
    return running.press("f2").wait_for(f"<> <0 hidden> <> '' reset {next(RESETS)}.")


def cursor_at(terminal: Terminal, after: str, before: str) -> Callable[[], bool]:
    def holds() -> bool:
        column, row = terminal.cursor
        line = terminal.screen_text().splitlines()[row]
        return line[:column].endswith(after) and line[column:].startswith(before)

    return holds


# 1 and 2: bursts


@pytest.mark.parametrize(
    ("keys", "typed"),
    [
        (["a", "backspace", "b"], "b"),
        (["b", "c", "home", "a"], "abc"),
        ([*"bad", "ctrl+u", *"ok"], "ok"),
        (["a", "c", "left", "b", "end", "d"], "abcd"),
    ],
)
def test_keys_of_one_burst_act_in_the_order_they_were_typed(
    form: Terminal, keys: list[str], typed: str
) -> None:
    form.press(*keys).wait_for(f"<{typed}> <0")
    form.press("tab", "tab", "tab", *keys).wait_for(f"<> {typed!r}")


def test_fields_keep_the_order_of_a_burst_in_any_app() -> None:
    with form_in(app="Bare") as terminal:
        terminal.wait_for("Next").press(*"bc", "home", *"xa", "left", "backspace", "end", "d")
        terminal.wait_for("<abcd>").press("tab", "tab", "tab", *"bc", "home", "a")
        terminal.wait_for("<abcd> <0 hidden> <> 'abc'")


def test_a_tab_in_a_burst_already_leads_the_next_word_to_the_next_field(form: Terminal) -> None:
    form.type(f"user\t{SECRET}\tok").wait_for(f"<user> <{len(SECRET)} hidden> <ok>")
    form.press("shift+tab", "shift+tab", "x").wait_for("<userx>")
    assert SECRET.encode() not in form.raw


def test_enter_in_a_burst_submits_what_was_typed_before_it_and_moves_on(form: Terminal) -> None:
    form.type(f"user\r{SECRET}\rok\r").wait_for(f"<user> <{len(SECRET)} hidden> <ok>")
    form.wait_for("submitted 2")


def test_a_paste_in_a_burst_lands_where_the_keys_before_it_led(form: Terminal) -> None:
    form.type("a\r\x1b[200~key\x1b[201~\tb").wait_for("<a> <3 hidden> <b>")


def test_what_follows_a_key_that_opens_a_screen_is_typed_on_that_screen(form: Terminal) -> None:
    form.press("f5", *"yes", "enter").wait_for("answered yes")
    form.press("f7", *"why").wait_for("<why>")
    form.press("escape", *"back").wait_for("<back>")


# 3: deleting words


@pytest.mark.parametrize("key", ["ctrl+backspace", "alt+backspace", "ctrl+w"])
def test_deleting_a_word_deletes_the_one_to_the_left(form: Terminal, key: str) -> None:
    form.press(*"one two", key).wait_for("<one >")


# 4: secrets


def copies_of(terminal: Terminal) -> int:
    return terminal.raw.count(b"\x1b]52;")


def test_a_secret_is_neither_copied_nor_cut_nor_drawn(form: Terminal) -> None:
    before = copies_of(form)
    form.type(f"\t{SECRET}").press("shift+home", "ctrl+c", "ctrl+x", "end", "z")
    form.wait_for(f"<{len(SECRET) + 1} hidden>")
    assert copies_of(form) == before
    assert SECRET.encode() not in form.raw


def test_an_open_field_is_copied_and_its_copy_can_be_pasted(form: Terminal) -> None:
    before = copies_of(form)
    form.type("open").press("shift+home", "ctrl+c", "end", "ctrl+v").wait_for("<openopen>")
    assert copies_of(form) == before + 1


async def test_a_secret_is_in_no_selection_and_no_representation() -> None:
    async with FormApp().run_test() as pilot:
        field = pilot.app.screen.query_one("#secret", SecretField)
        field.value = SECRET
        field.select_all()
        pilot.app.screen.text_select_all()
        messages = [
            kind(field, SECRET)
            for kind in (SecretField.Changed, SecretField.Submitted, SecretField.Blurred)
        ]
        told = [field.selected_text, pilot.app.screen.get_selected_text(), field, *messages]
        assert SECRET not in repr(told)
        assert SECRET not in "".join(map(str, told))
        assert SECRET not in pilot.app.export_screenshot()
        assert [message.handler_name for message in messages] == [
            "on_input_changed",
            "on_input_submitted",
            "on_input_blurred",
        ]


# 5: pastes


def test_a_paste_gives_its_first_line_with_words_stripped(form: Terminal) -> None:
    form.paste("\n\n  two\u00a0words\u200b \n\nthird").wait_for("<two words>")
    form.press("shift+home").paste("other\tfor the next").wait_for("<other>")


def test_a_paste_of_200_characters_is_kept_whole_where_it_fits(form: Terminal) -> None:
    form.paste("k" * 200).press("tab").paste("s" * 200).wait_for("<200 hidden>")
    form.press("shift+tab", "home", "delete").wait_for("<200 hidden>")
    assert "k" * 79 in form.screen_text()


def test_a_paste_that_is_too_long_is_cut_and_said_to_be(form: Terminal) -> None:
    form.press("tab", "tab").paste("123456789012").wait_for("<12345678> '' kept 8 of 12")


def test_a_paste_of_several_lines_keeps_them_where_lines_belong(form: Terminal) -> None:
    form.press("tab", "tab", "tab").paste("a\n\nb\u200b").wait_for(r"'a\n\nb'")


async def test_a_paste_that_the_field_refuses_is_said_to_be() -> None:
    class Digits(FormApp):
        told: TextField.PasteCut | None = None

        def compose(self) -> ComposeResult:
            yield TextField(restrict="[0-9]*")

        @on(TextField.PasteCut)
        def keep(self, event: TextField.PasteCut) -> None:
            self.told = event

        def get_default_screen(self) -> SteadyScreen[None]:
            return SteadyScreen()

    app = Digits()
    async with app.run_test() as pilot:
        app.query_one(TextField).insert_paste("12a")
        await pilot.pause()
    assert app.told is not None
    assert (app.told.wanted, app.told.kept) == (3, 0)


async def test_a_screen_sees_the_whole_of_a_paste_before_the_field_does() -> None:
    class Pair(SteadyScreen[None]):
        def compose(self) -> ComposeResult:
            yield TextField(id="sid")
            yield SecretField(id="token")

        def take_paste(self, field: TextField, text: str) -> str | None:
            first, _, rest = text.partition("\n")
            if rest and field.id == "sid":
                self.query_one("#token", SecretField).value = rest
            return first

    class Pairs(SteadyApp[None]):
        def get_default_screen(self) -> SteadyScreen[None]:
            return Pair()

    async with Pairs().run_test() as pilot:
        screen = pilot.app.screen
        screen.query_one("#sid", TextField).insert_paste("ACsid\ntoken")
        assert screen.query_one("#sid", TextField).value == "ACsid"
        assert screen.query_one("#token", TextField).value == "token"


# 6: focus


async def test_the_first_focus_goes_to_a_field_and_never_to_a_scrolling_box() -> None:
    async with FormApp().run_test() as pilot:
        assert pilot.app.focused is not None
        assert pilot.app.focused.id == "first"
        assert not any(isinstance(widget, ScrollBox) for widget in pilot.app.screen.focus_chain)


async def test_a_scrolling_box_of_textual_does_not_take_the_first_focus_either() -> None:
    class Boxed(SteadyScreen[None]):
        def compose(self) -> ComposeResult:
            with VerticalScroll():
                yield Button("Go")

    class BoxedApp(SteadyApp[None]):
        def get_default_screen(self) -> SteadyScreen[None]:
            return Boxed()

    async with BoxedApp().run_test() as pilot:
        assert isinstance(pilot.app.focused, Button)


# 7: signals, and a terminal that goes away


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_gives_the_terminal_back_and_an_honest_exit_code(
    number: signal.Signals, code: int
) -> None:
    with form_in() as terminal:
        terminal.wait_for("Next")
        assert not terminal.is_cooked
        assert {1000, 1049, 2004} <= terminal.modes_left
        terminal.send_signal(number)
        assert terminal.exit_code() == code
        assert terminal.is_restored
        assert b"Traceback" not in terminal.raw


def test_a_closed_window_ends_it_as_a_hang_up() -> None:
    with form_in() as terminal:
        assert terminal.wait_for("Next").hang_up().exit_code() == 129


def test_a_terminal_lost_without_a_signal_ends_it_too() -> None:
    with Terminal(
        [
            "sh",
            "-c",
            'trap "" HUP; exec "$0" -m tests.tui.test_textual_defects FormApp',
            sys.executable,
        ]
    ) as terminal:
        # On a button nothing blinks: nothing is written that could fail.
        terminal.wait_for("Next").press(*["tab"] * 5)
        terminal.wait_until(cursor_at(terminal, " ", "Next"), "the button")
        assert terminal.hang_up().exit_code() == 129


def test_a_thread_that_hangs_does_not_hold_the_terminal() -> None:
    with form_in() as terminal:
        terminal.wait_for("Next").press("f8").wait_for("stalled").press("ctrl+c")
        assert terminal.exit_code(timeout=5) == 130
        assert terminal.is_restored


async def test_signal_handlers_and_the_collector_are_as_found_once_it_has_run() -> None:
    class Brief(FormApp):
        def on_mount(self) -> None:
            assert not gc.isenabled()
            assert signal.getsignal(signal.SIGTERM) is not found[1]
            self.exit(return_code=4)

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    found = [signal.getsignal(number) for number in numbers]
    app = Brief()
    await app.run_async(headless=True)
    assert app.return_code == 4
    assert [signal.getsignal(number) for number in numbers] == found
    assert gc.isenabled()


# 8 and 16: errors


def test_a_crash_prints_our_words_without_locals_and_exits_1(tmp_path: Path) -> None:
    with form_in({"TEXTUAL_LOG": str(tmp_path / "log")}) as terminal:
        terminal.wait_for("Next").type(f"\t{SECRET}").wait_for(f"<{len(SECRET)} hidden>")
        assert terminal.press("f3").exit_code() == 1
        assert terminal.is_restored
        assert "Sorry: ValueError." in terminal.screen_text()
        assert b"Traceback" not in terminal.raw
        assert SECRET.encode() not in terminal.raw
    assert not list(tmp_path.iterdir())


async def test_an_error_that_no_one_takes_from_a_worker_is_a_crash() -> None:
    app = FormApp()
    with pytest.raises(LookupError):
        async with app.run_test() as pilot:
            await pilot.press("f4")
    assert app.return_code == 1


def test_an_error_in_a_worker_reaches_the_app_which_goes_on(form: Terminal) -> None:
    form.press("f4").wait_for("told of LookupError").type("on").wait_for("<on>")


async def test_an_error_that_only_the_loop_saw_reaches_the_app_too() -> None:
    class Straying(FormApp):
        told: Exception | None = None

        def on_mount(self) -> None:
            loop = asyncio.get_running_loop()
            loop.call_exception_handler({"message": "never retrieved", "exception": KeyError()})

        def worker_failed(self, error: Exception) -> None:
            self.told = error
            self.exit()

    app = Straying()
    await app.run_async(headless=True)
    assert isinstance(app.told, KeyError)


# 9 and 14: terminals that will not do


class Stream(io.StringIO):
    def __init__(self, *, tty: bool = True, encoding: str = "utf-8") -> None:
        super().__init__()
        self._tty = tty
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding

    def isatty(self) -> bool:
        return self._tty


@pytest.mark.parametrize(
    ("stdin", "stderr", "environ", "problem"),
    [
        (Stream(), Stream(), {"TERM": "xterm"}, None),
        (Stream(), Stream(encoding="UTF8"), {"TERM": "xterm", "LANG": "fr_FR.utf8"}, None),
        (Stream(), Stream(), {"TERM": "linux", "LANG": "C"}, None),
        (Stream(tty=False), Stream(), {"TERM": "xterm"}, TerminalProblem.NOT_A_TERMINAL),
        (Stream(), Stream(tty=False), {"TERM": "xterm"}, TerminalProblem.NOT_A_TERMINAL),
        (Stream(tty=False), Stream(tty=False), {"TEXTUAL_DRIVER": "web:Driver"}, None),
        (Stream(), Stream(), {"TERM": "dumb"}, TerminalProblem.DUMB),
        (Stream(), Stream(), {}, TerminalProblem.DUMB),
        (Stream(), Stream(encoding="latin-1"), {"TERM": "xterm"}, TerminalProblem.NOT_UTF8),
        (Stream(), Stream(encoding="no-such"), {"TERM": "xterm"}, TerminalProblem.NOT_UTF8),
        (
            Stream(),
            Stream(),
            {"TERM": "xterm", "LC_ALL": "fr_FR.ISO-8859-15@euro", "LANG": "fr_FR.UTF-8"},
            TerminalProblem.NOT_UTF8,
        ),
    ],
)
def test_a_terminal_that_will_not_do_is_named(
    stdin: Stream, stderr: Stream, environ: dict[str, str], problem: TerminalProblem | None
) -> None:
    assert refuse_bad_terminal(stdin, stderr, environ) == problem


def test_no_color_means_no_colour_at_all_and_what_is_current_still_stands_out() -> None:
    colour = re.compile(rb"\x1b\[(?:[\d;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]")
    with form_in({"NO_COLOR": "1"}) as terminal:

        def stands_out(how: str) -> bool:
            return how in terminal.emphasis(*terminal.cursor)

        terminal.wait_for("Next").type("a\tb").wait_for("<1 hidden>")
        terminal.wait_until(lambda: stands_out("reverse"), "a cursor in a field")
        terminal.press("tab", "tab").type("x").wait_for("'x'")
        terminal.wait_until(lambda: stands_out("reverse"), "a cursor in lines")
        terminal.press("tab").wait_until(cursor_at(terminal, " ", "[/0]"), "the option")
        terminal.wait_until(lambda: stands_out("underscore"), "a highlight")
        terminal.press("f6").wait_for("[/saved]")
        assert not colour.findall(terminal.raw)
        # 12: what is said on leaving comes after the screen is back.
        assert terminal.press("f9").exit_code() == 0
        assert terminal.raw.rindex(b"Everything is kept.") > terminal.raw.rindex(b"\x1b[?1049l")
        assert terminal.is_restored


# 10 and 11: brackets and toasts


def test_brackets_in_options_and_toasts_are_shown_and_toasts_cover_no_button(
    form: Terminal,
) -> None:
    form.press("f6").wait_for("[/saved]")
    rows = form.screen_text().splitlines()
    assert "[/1]" in form.screen_text()
    assert next(row for row, text in enumerate(rows) if "[/saved]" in text) < 6
    assert any("Next" in row for row in rows)


async def test_the_app_shows_brackets_in_toasts_as_they_are() -> None:
    async with FormApp().run_test(notifications=True) as pilot:
        pilot.app.notify("[/x]")
        await pilot.pause()
        assert "[/x]" in str(pilot.app.screen.query_one(Toast).render())


# 12: leaving


def test_ctrl_c_leaves_even_from_a_question() -> None:
    with form_in() as terminal:
        assert terminal.wait_for("Next").press("f5", "ctrl+c").exit_code() == 130
        assert terminal.is_restored


async def test_ctrl_q_leaves_with_0() -> None:
    app = FormApp()
    async with app.run_test() as pilot:
        await pilot.press("ctrl+q")
    assert app.return_code == 0


def test_coming_back_to_a_filled_field_does_not_replace_it(form: Terminal) -> None:
    form.press(*"abc", "tab", "shift+tab", "d").wait_for("<abcd>")


# 13: validators


def test_a_style_is_parsed_once_until_the_colours_change() -> None:
    styles = KeptStylesheet(variables={"ink": "#ff0000"})
    styles.add_source("Input { color: $ink; }", read_from=("first", ""))
    [first] = styles.rules
    styles.add_source("Button { color: $ink; }", read_from=("second", ""))
    styles.reparse()
    assert styles.rules[0] is first
    assert len(styles.rules) == 2
    styles.set_variables({"ink": "#0000ff"})
    styles.reparse()
    assert {rule.styles.color.hex for rule in styles.rules} == {"#0000FF"}


def test_a_line_never_breaks_at_an_unbreakable_space() -> None:
    SteadyApp[None]()
    said = plain("On vous dit\u00a0: «\u00a0Oui\u00a0» ; vraiment\u202f?")
    broken = {width: [line.plain for line in said.wrap(width)] for width in range(10, 30)}
    # Nothing begins with the mark, or ends with the guillemet, that belongs to its neighbour.
    lines = [line.strip(" ") for lines in broken.values() for line in lines]
    assert not [line for line in lines if line[0] in "\u00a0\u202f:»?" or line[-1] in "«\u00a0"]
    assert broken[12] == ["On vous", "dit\u00a0:", "«\u00a0Oui\u00a0» ;", "vraiment\u202f?"]
    # What fits on no line is broken all the same.
    assert [line.plain for line in plain("«\u00a0Non\u00a0»").wrap(4)] == ["«\u00a0No", "n\u00a0»"]


def test_a_rule_says_what_it_was_given_to_say() -> None:
    rule = WordedRule(lambda value: None if value else "Écrivez quelque chose.")
    assert rule.validate("x").is_valid
    assert rule.validate("").failure_descriptions == ["Écrivez quelque chose."]


# 15: the cursor


def test_the_hardware_cursor_is_where_the_focus_is(form: Terminal) -> None:
    form.type("ab").wait_until(cursor_at(form, "  ab", " "), "the cursor after the text")
    form.press("tab", "tab", "tab", "tab").wait_until(cursor_at(form, " ", "[/0]"), "the option")
    form.press(*["down"] * 6).wait_until(cursor_at(form, " ", "[/6]"), "the scrolled option")
    form.press("tab").wait_until(cursor_at(form, " ", "Next"), "the button")
    form.resize(60, 20).wait_until(cursor_at(form, " ", "Next"), "the button, moved")
    form.resize(80, 24).wait_until(cursor_at(form, " ", "Next"), "the button, moved back")


# Speed


class Clock:
    """A loop that only remembers what it was asked to do later."""

    def __init__(self) -> None:
        self.due: list[tuple[float, Callable[[], None]]] = []

    def call_later(self, delay: float, call: Callable[[], None]) -> asyncio.TimerHandle:
        self.due = [(delay, call)]
        handle = Mock(spec=asyncio.TimerHandle)
        handle.cancel.side_effect = self.due.clear
        return handle

    def pass_time(self) -> float:
        delay, call = self.due.pop()
        call()
        return delay


def test_garbage_is_collected_only_in_quiet_moments(monkeypatch: pytest.MonkeyPatch) -> None:
    collections = Mock()
    monkeypatch.setattr(gc, "collect", collections)
    monkeypatch.setattr(gc, "get_count", lambda: (2001, 0, 0))
    clock = Clock()
    with QuietCollector(cast("asyncio.AbstractEventLoop", clock)) as collector:
        assert not gc.isenabled()
        collector.input_seen()
        collector.input_seen()
        assert [delay for delay, _ in clock.due] == [0.4]
        collections.assert_not_called()
        assert clock.pass_time() == 0.4
        collections.assert_called_once_with()
        assert [delay for delay, _ in clock.due] == [10.0]
    assert gc.isenabled()
    assert not clock.due


def test_what_modules_brought_is_not_looked_at_again_and_what_came_since_is() -> None:
    class Link:
        other: Link

    with QuietCollector(cast("asyncio.AbstractEventLoop", Clock())) as collector:
        collector.modules_came()
        frozen = gc.get_freeze_count()
        assert frozen > 0
        collector.modules_came()
        one, two = Link(), Link()
        one.other, two.other = two, one
        gone = weakref.ref(one)
        del one, two
        kept = [[] for _ in range(3000)]  # type: list[list[int]]
        collector.collect()
        assert gone() is None
        assert 0 < gc.get_freeze_count() <= frozen
        assert kept
    assert gc.get_freeze_count() == 0


def test_a_handful_of_garbage_is_left_lying(monkeypatch: pytest.MonkeyPatch) -> None:
    collections = Mock()
    monkeypatch.setattr(gc, "collect", collections)
    monkeypatch.setattr(gc, "get_count", lambda: (2000, 0, 0))
    clock = Clock()
    with QuietCollector(cast("asyncio.AbstractEventLoop", clock)) as collector:
        clock.pass_time()
        collector.collect()
    collections.assert_not_called()


def test_moving_the_focus_draws_only_what_it_changes() -> None:
    with form_in() as terminal:
        terminal.wait_for("Next").type("a").wait_for("<a>")
        time.sleep(0.3)  # what the letter moved is drawn by then
        place, written = terminal.cursor, len(terminal.raw)
        terminal.press("tab").wait_until(lambda: terminal.cursor != place, "the next field")
        assert b"Next" not in terminal.raw[written:]


def test_a_drawn_line_has_a_cache_only_when_one_is_asked_for() -> None:
    let_drawings_go()
    line = Strip([Segment("one two")])
    bare = sys.getsizeof(line), len(gc.get_referents(line))
    assert not any(isinstance(one, FIFOCache) for one in gc.get_referents(line))
    cut = line.crop(4, 7)
    assert cut.text == "two"
    assert line.crop(4, 7) is cut
    caches = [one for one in gc.get_referents(line) if isinstance(one, FIFOCache)]
    assert len(caches) == 1
    assert (sys.getsizeof(line), len(gc.get_referents(line)) - 1) == bare


async def test_a_button_brings_no_style_of_buttons_that_there_are_not() -> None:
    class Buttons(SteadyApp[None]):
        def compose(self) -> ComposeResult:
            yield CompactButton(id="only")

    app = Buttons()
    async with app.run_test() as pilot:
        await pilot.pause()
        sources = [place for _, place in app.stylesheet.source]
        assert "CompactButton.DEFAULT_CSS" in sources
        assert "Button.DEFAULT_CSS" not in sources
        assert app.query_one("#only").outer_size.height == 1


def test_it_imports_nothing_heavy() -> None:
    seen = "import sys, ava_setup.tui.textual_defects; print(*sys.modules)"
    modules = subprocess.check_output([sys.executable, "-c", seen], text=True).split()
    heavy = {
        "pydantic",
        "httpx",
        "keyring",
        "textual.widgets._text_area",
        "textual.widgets._markdown",
    }
    assert not heavy & set(modules)


if __name__ == "__main__":
    if sys.argv[1] == "Bare":
        Bare().run()
    else:
        sys.exit(run_steadily({"FormApp": FormApp, "Forgiving": Forgiving}[sys.argv[1]]()))


class OneField(SteadyScreen[None]):
    def compose(self) -> ComposeResult:
        yield TextField(id="first")


async def test_a_paste_that_comes_before_the_focus_is_kept_for_the_first_field() -> None:
    app = SteadyApp[None]()
    async with app.run_test() as pilot:
        await app.push_screen(OneField())
        screen = app.screen
        screen.set_focus(None)
        screen.post_message(events.Paste("\nearly\n"))
        # Behind the paste in the screen's queue.
        screen.call_later(screen.query_one("#first").focus)
        await pilot.pause()
        await pilot.pause()
        assert screen.query_one("#first", TextField).value == "early"
