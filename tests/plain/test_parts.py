"""The parts of the plain set-up: letters that a terminal lacks, lines that come late, waits."""

from __future__ import annotations

import asyncio
import io
import os

import pytest

from ava_setup.onboarding.errors import Vendor
from ava_setup.plain.instructions import edit_instructions
from ava_setup.plain.prompts import Prompts
from ava_setup.plain.scene import in_turn
from ava_setup.plain.signs import Back
from ava_setup.plain.watching import Watch
from ava_setup.readable import write_the_nearest
from ava_setup.typed_lines import TypedLines
from ava_setup.words import NOTHING, Language, Voice, _, verbatim
from tests.canaries import WRONG_TOKEN
from tests.onboarding.fakes import MemoryStore
from tests.plain.person import Answers


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("ascii", 'OK Cle "Ava" : l\'oeuvre a 12 EUR -> fini...?'),
        ("latin-1", 'OK Clé "Ava"\xa0: l\'oeuvre à 12 EUR -> fini...?'),
        ("utf-8", "✓ Clé “Ava”\xa0: l'œuvre à 12 € → fini…漢"),
    ],
)
def test_a_letter_that_a_terminal_lacks_becomes_the_nearest_one_that_it_has(
    encoding: str, written: str
) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    write_the_nearest(stream, {"LC_ALL": "fr_FR"})
    stream.write("✓ Clé “Ava”\xa0: l'œuvre à 12 € → fini…漢")
    stream.flush()
    assert raw.getvalue().decode(encoding) == written


def test_the_locale_c_is_trusted_with_ascii_only() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="utf-8")
    write_the_nearest(stream, {"LANG": "C"})
    stream.write("Numéro\n")
    stream.flush()
    assert raw.getvalue() == b"Numero\n"


async def test_a_line_that_was_waited_for_in_vain_is_the_answer_to_the_next_question() -> None:
    out, into = os.pipe()
    lines = TypedLines(out)
    waiting = asyncio.create_task(lines.next())
    await asyncio.sleep(0)
    waiting.cancel()
    os.write(into, b"first\r\n\x1b[Aun caf\xe9\n")
    assert await lines.next() == "first"
    assert await lines.next() == "un caf\ufffd"
    os.write(into, "né".encode())
    os.close(into)
    assert await lines.next() == "né"
    assert await lines.next() is None
    os.close(out)


async def test_to_go_back_leads_to_the_question_that_was_asked_before_not_to_one_left_out() -> None:
    asked: list[str] = []
    answers = iter(["first", "back", "first again", "third"])

    def question(name: str, *, applies: bool = True) -> object:
        async def ask() -> bool:
            if not applies:
                return False
            answer = next(answers)
            asked.append(f"{name}: {answer}")
            if answer == "back":
                raise Back
            return True

        return ask

    await in_turn(question("1"), question("2", applies=False), question("3"))  # type: ignore[arg-type]
    assert asked == ["1: first", "3: back", "1: first again", "3: third"]


async def test_what_takes_its_time_is_said_once_and_what_is_over_at_once_is_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    store = MemoryStore()
    talk = Prompts(Voice(Language.EN), typed=Answers())
    watch = Watch(talk, store, at_once_s=0)

    async def go_on(words: str) -> None:
        await store.update(lambda state: state.note(activity=verbatim(words)))

    await go_on("At once…")
    await go_on("Asking Vapi…")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await store.update(lambda state: state.note(activity=NOTHING))
    watch.close()
    assert capsys.readouterr().out == "Asking Vapi…\n"

    talk.say_wait(Vendor.VAPI, 2.4)
    talk.say(_("✓ A key is known and works. Paste another only to change it."))
    said = capsys.readouterr().out
    assert said.startswith("Vapi does not answer: trying again in 2 s…\nA key is known")


async def test_every_sentence_is_folded_and_a_no_break_space_holds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    talk = Prompts(Voice(Language.FR), typed=Answers())
    talk.say(verbatim(f"{'mot ' * 19}fin\xa0: oui"))
    lines = capsys.readouterr().out.splitlines()
    assert lines == [("mot " * 19).rstrip(), "fin\xa0: oui"]


@pytest.mark.parametrize("longer", range(6))
async def test_a_question_leaves_room_for_its_answer_on_its_own_line(
    longer: int, capsys: pytest.CaptureFixture[str]
) -> None:
    talk = Prompts(Voice(Language.FR), typed=Answers("o"))
    await talk.line(verbatim(f"{'mot ' * 18}{'a' * longer} ?"))
    *_before, asks = capsys.readouterr().out.rstrip("\n").split("\n")
    assert asks.endswith("\xa0: ")
    assert len(f"{asks}non") <= 80


async def test_instructions_are_heard_added_to_and_brought_back_and_hold_no_key(
    capsys: pytest.CaptureFixture[str],
) -> None:
    adds = ["3", "Say the price.", "."]
    writes = ["4", WRONG_TOKEN, ".", "4", "<", "5", "3", "In short.", "."]
    talk = Prompts(Voice(Language.EN), typed=Answers("2", *adds, *writes, ""))
    written = await edit_instructions(talk, "Be kind.", "Be brief.")
    said = capsys.readouterr().out
    assert written == "Be brief.\n\nIn short."
    assert "Be kind.\n" in said
    assert "24 characters are kept." in said
    assert "This looks like a key: not here." in said
    assert WRONG_TOKEN not in said
    assert "The ready-made text is back." in said
