"""What is wrong with an answer file is told by the real process, each thing in its own words."""

from __future__ import annotations

import ast
import inspect
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ava_setup import answers_option
from ava_setup.headless import answer_file, reading, references
from tests.headless.files import HEAD, business

KEY, TOKEN = 'key = { env = "VAPI_KEY" }', 'auth_token = { env = "TWILIO_TOKEN" }'
SID = f'account_sid = "AC{"5a" * 16}"'
END = "\n# end"
ASSISTANT = f"{END}\n[business.assistant]\n"
OWN_KEY = f'key_sid = "SK{"5b" * 16}"\nkey_secret = "prompt"'

# What is written in place of what, and how it is told, with the key that it is about.
VALUES = [
    ('name = "b', 'name = "é', "name: A name has letters without accents"),
    ('name = "b', "name = 5 # ", "name: must be a text, in quotes"),
    ('name = "Plomberie Martin"', 'name = ""', "profile.business_name: Type the name"),
    ("Plomberie Martin", "P" * 200, "profile.business_name: Keep it under"),
    ("contact@plomberie-martin.example", "", "profile.email: Type your e-mail address"),
    ("contact@", "", "profile.email: An e-mail address has an @"),
    ("contact@plomberie-martin", "a b@c", "profile.email: Not a complete address"),
    ('"plumber"', '"plumbr"', "profile.trade: must be one of: general, plumber"),
    ('hours = "lun-ven 9h-18h"', 'hours = ""', "profile.opening_hours: Type your hours"),
    ("lun-ven 9h-18h", "lun " * 200, "profile.opening_hours: Keep it under"),
    ("opening_hours =", "openning_hours =", "profile.opening_hours: is missing"),
    ("opening_hours =", "openning_hours =", "profile.openning_hours: is not known; did you mean"),
    ("trade =", 'colour = "red"\ntrade =', "profile.colour: is not known; known here: business_n"),
    ("trade =", 'time_zone = "Paris"\ntrade =', "profile.time_zone: Unknown: type Region/City"),
    (KEY, 'key = "made-up-and-written-out"', "vapi.key: A secret never stands in this file."),
    (KEY, 'key = { env = "" }', "vapi.key.env: is not written as it must be"),
    (KEY, 'key = { keyring = "vapi" }', "vapi.key.keyring: is not written as it must be"),
    (KEY, f'{KEY}\nregion = "mars"', "vapi.region: must be one of: us, eu"),
    (KEY, f'{KEY}\nwebhook_url = "http://a.example"', "vapi.webhook_url: It must begin with https"),
    (KEY, f'{KEY}\nwebhook_url = "https://"', "vapi.webhook_url: Not a web address"),
    (SID, 'account_sid = ""', "twilio.account_sid: Paste the Account SID"),
    (SID, f'account_sid = "SK{"5a" * 16}"', "twilio.account_sid: This is an API key (SK)."),
    (SID, 'account_sid = "made-up"', "twilio.account_sid: An Account SID starts with AC."),
    (SID, 'account_sid = "AC5a"', "twilio.account_sid: 4 characters where a SID has 34"),
    (TOKEN, "", "twilio: Give auth_token, or key_sid with key_secret: one of the two."),
    (TOKEN, f"{OWN_KEY}\nown_key = true", "twilio: own_key needs auth_token"),
    (TOKEN, OWN_KEY.replace("SK", "AC"), "twilio.key_sid: An API key's SID starts with SK."),
    (TOKEN, OWN_KEY.replace("SK5b", "S"), "twilio.key_sid: An API key's SID starts with SK."),
    (END, '\nfallback = "0199001234"', "phone.fallback: Write it with its country in front"),
    (END, '\nfallback = "+33 nobody"', "phone.fallback: This is not a phone number."),
    (END, "\nassistant = 5", "phone.assistant: is not known"),
    (END, f'{ASSISTANT}name = ""', "assistant.name: Give it a name"),
    (END, f'{ASSISTANT}name = "{"A" * 60}"', "assistant.name: 60 characters: Vapi takes"),
    (END, f'{ASSISTANT}greeting = ""', "assistant.greeting: Type the first words"),
    (END, f'{ASSISTANT}greeting = "Bonjour."', "assistant.greeting: Callers have a right to know"),
    (END, f'{ASSISTANT}greeting = "{"A" * 9000}"', "assistant.greeting: 9000 characters: keep it"),
    (END, f'{ASSISTANT}instructions = ""', "assistant.instructions: Tell the assistant what to do"),
    (END, f'{ASSISTANT}voice = "ryan"', "The voice ryan does not speak fr-FR; these do: clara"),
    (END, f'{ASSISTANT}recorded = "perhaps"', "assistant.recorded: must be true or false"),
    (END, f'{ASSISTANT}choose = "last"', "assistant.choose: must be one of: first-available"),
    ("[business.phone]", "[business.telephone]", "phone: is missing"),
    ("[business.vapi]", "[business.twilio.vapi]", "vapi: is missing"),
]

# Where a secret is said to be, and how it is told that it is not there.
SECRETS = [
    ('{ env = "NOT_SET" }', "vapi.key: the environment variable NOT_SET is not set"),
    ('{ file = "absent.key" }', "vapi.key: there is no file absent.key"),
    ('{ file = "." }', "vapi.key: the file . cannot be read"),
    ('{ file = "empty.key" }', "vapi.key: the file empty.key is empty"),
    ('{ keyring = "vapi/martin" }', "vapi.key: the keyring holds nothing under vapi/martin"),
    ('"prompt"', "vapi.key: nobody is there to ask for it"),
    ('{ env = "TWO_WORDS" }', "vapi.key: A key has no spaces or accents."),
]


@dataclass(frozen=True, slots=True)
class Told:
    """What a process told, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def faults(self) -> list[str]:
        """The faults, for programs."""
        [whole] = map(json.loads, self.out.splitlines())
        faults: list[dict[str, Any]] = whole["error"]["faults"]
        return [f"{one['where']}: {one['message']}" for one in faults]


def nth(place: int, old: str = "", new: str = "") -> str:
    """Write one of many businesses, with something else in place of something."""
    whole = business(f"b{place}", number=f"+331990{place:05d}", more=END)
    assert old in whole
    return whole.replace(old, new, 1)


FILES = {
    "values": HEAD + "".join(nth(at, old, new) for at, (old, new, _told) in enumerate(VALUES)),
    "secrets": HEAD + "".join(nth(at, KEY, f"key = {one}") for at, (one, _) in enumerate(SECRETS)),
    "toml": f"{HEAD}[[business]\n",
    "table": "version = 2\nbusiness = 5\n",
    "none": f"{HEAD}business = []\n",
    "repeated": HEAD + nth(0) + nth(0),
    "two": HEAD + nth(0) + nth(1),
}
COMMANDS = {
    **{name: ("apply", "--yes", "--json", f"{name}.toml") for name in FILES if name != "two"},
    "absent": ("apply", "--yes", "--json", "absent.toml"),
    "only": ("apply", "--yes", "--json", "--only", "nobody", "two.toml"),
    "answers two": ("--answers", "two.toml"),
    "answers nobody": ("--answers", "two.toml", "--profile", "nobody"),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Told]:
    """Run each command, all side by side."""
    folder = tmp_path_factory.mktemp("answers")
    for name, source in FILES.items():
        (folder / f"{name}.toml").write_text(source, encoding="utf-8")
    (folder / "empty.key").touch()
    environment = {
        "PATH": os.environ["PATH"],
        "AVA_SETUP_HOME": str(folder / "home"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "TWILIO_TOKEN": "5c" * 16,
        "TWO_WORDS": "two words",
        "VAPI_KEY": "made-up",
    }
    begun = {
        name: subprocess.Popen(
            [sys.executable, "-m", "ava_setup", "--lang", "en", *command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name, command in COMMANDS.items()
    }
    ended = {name: (process.communicate(timeout=60), process) for name, process in begun.items()}
    assert not Path(folder, "home", "profiles").exists()
    return {name: Told(one.returncode, *said) for name, (said, one) in ended.items()}


def test_each_value_that_cannot_be_is_told_at_once(told: dict[str, Told]) -> None:
    assert told["values"].code == 2
    faults = told["values"].faults
    for at, (_old, _new, expected) in enumerate(VALUES):
        mine = [one for one in faults if one.startswith(f"business[{at + 1}]")]
        assert any(expected in one for one in mine), (expected, mine)


def test_each_secret_that_is_not_there_is_told_at_once(told: dict[str, Told]) -> None:
    assert told["secrets"].code == 3
    expected = [f"business[{at + 1}].{said}" for at, (_where, said) in enumerate(SECRETS)]
    found = told["secrets"].faults
    assert all(one.startswith(said) for one, said in zip(found, expected, strict=True)), found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("toml", ["this is not TOML: "]),
        ("table", ["version: must be one of: 1", "business: must be a table"]),
        ("none", ["business: at least one is needed"]),
        ("repeated", ["name: stands already in line 4: b0", "stands already in line 20: +3319"]),
        ("absent", ["the file absent.toml cannot be read"]),
        ("only", ["--only: not in the file: nobody; there are: b0, b1"]),
    ],
)
def test_a_file_that_is_wrong_as_a_whole_is_refused(
    told: dict[str, Told], name: str, expected: list[str]
) -> None:
    assert (told[name].code, "Nothing was done." in told[name].err) == (2, True)
    pairs = zip(told[name].faults, expected, strict=True)
    assert all(words in one for one, words in pairs), told[name].faults


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("two", "several businesses are in the file; choose with --profile: b0, b1"),
        ("nobody", "--profile: not in the file: nobody; there are: b0, b1"),
    ],
)
def test_the_wizard_does_not_open_with_a_file_that_it_cannot_use(
    told: dict[str, Told], name: str, expected: str
) -> None:
    ended = told[f"answers {name}"]
    assert (ended.code, ended.err.strip(), ended.out) == (2, expected, "")


def test_no_sentence_about_an_answer_file_is_left_that_no_process_tells(
    told: dict[str, Told],
) -> None:
    said = "\n".join(one.err for one in told.values())
    assert "Traceback" not in said
    rooms = (answer_file, answers_option, reading, references)
    sentences = {sentence for room in rooms for sentence in sentences_of(inspect.getsource(room))}
    assert len(sentences) > 20
    assert [one for one in sorted(sentences) if not re.search(as_said(one), said)] == []


def sentences_of(source: str) -> set[str]:
    """Find the sentences that a module says."""
    return {
        ast.literal_eval(call.args[0])
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "_"
    }


def as_said(sentence: str) -> str:
    """Turn a sentence into a pattern: anything may stand at its places."""
    parts = re.split(r"\{\w+\}", sentence)
    return ".+".join(map(re.escape, parts))
