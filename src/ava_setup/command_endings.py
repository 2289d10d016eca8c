"""What the help of each command ends with: examples, exit codes, the environment."""

from __future__ import annotations

from ava_setup.command_help import Row, Section, examples
from ava_setup.exit_codes import MEANINGS
from ava_setup.words import _

EXIT_CODES = Section(
    _("exit codes"), tuple(Row(str(code.value), said) for code, said in MEANINGS.items())
)
ENVIRONMENT = Section(
    _("environment"),
    (
        Row("AVA_SETUP_LANG", _("the language, fr or en; --lang counts more")),
        Row("AVA_SETUP_HOME", _("the folder for all that is kept, secrets included")),
        Row("AVA_SETUP_THEME", _("how the wizard looks; --theme counts more")),
        Row("AVA_SETUP_REDUCED_MOTION", _("set: nothing moves by itself")),
        Row(
            "AVA_SETUP_VAPI_URL, AVA_SETUP_TWILIO_URL",
            _("other addresses for the vendors: https, or http on this computer itself"),
        ),
        Row("NO_COLOR", _("set: no colours")),
    ),
)
KEYS = Section(
    _("environment for the vendors"),
    (
        Row("VAPI_API_KEY", _("Vapi private key")),
        Row("TWILIO_ACCOUNT_SID", _("Account SID")),
        Row("TWILIO_AUTH_TOKEN", _("Auth Token")),
        Row("TWILIO_API_KEY, TWILIO_API_SECRET", _("instead of the Auth Token")),
    ),
)
EXAMPLES = examples(
    ("ava-setup", _("opens the wizard, where it stopped last time")),
    ("ava-setup --demo --lang fr", _("shows all of it in French, with no account")),
    ("ava-setup --profile garage", _("opens the wizard on one of several businesses")),
    ("ava-setup doctor", _("says what callers hear, and why")),
)
# What each command's help ends with.
ENDINGS: dict[str, tuple[Section, ...]] = {
    "apply": (
        examples(
            ("ava-setup apply businesses.toml --dry-run", _("shows what it would do")),
            ("ava-setup apply businesses.toml", _("asks, then does it")),
            ("ava-setup apply - --yes --json < businesses.toml", _("for programs")),
        ),
        EXIT_CODES,
    ),
    "sandbox": (
        examples(
            ("ava-setup sandbox --list", _("names the scenarios")),
            ("ava-setup sandbox --scenario unlinked --port 8765", _("serves one, on this port")),
        ),
    ),
    "undo": (
        examples(
            ("ava-setup undo", _("shows what was made or changed, and asks")),
            (
                "ava-setup undo --number +33199001234",
                _("takes back what the doctor mended on a line without a set-up"),
            ),
        ),
        KEYS,
    ),
    "api": (examples(("ava-setup api", _("serves until Ctrl+C, on this computer only"))),),
    "export": (
        examples(
            ("ava-setup export > one.toml", _("what the wizard was told, to apply elsewhere")),
        ),
    ),
    "status": (
        examples(
            ("ava-setup status", _("each business, and how far it is")),
            ("ava-setup status --check --json", _("for programs")),
        ),
    ),
    "link": (
        examples(
            (
                "ava-setup link --number +33199001234",
                _("links it to the first available assistant"),
            ),
        ),
        KEYS,
    ),
    "assistants": (examples(("ava-setup assistants --json", _("for programs"))), KEYS),
    "numbers": (examples(("ava-setup numbers", _("each number, and where its calls go"))), KEYS),
    "schema": (
        examples(("ava-setup schema > answers.schema.json", _("for an editor that checks TOML"))),
    ),
    "completions": (
        examples(
            (
                'eval "$(ava-setup completions bash)"',
                _("in ~/.bashrc; the same with zsh in ~/.zshrc"),
            ),
            (
                "ava-setup completions fish > ~/.config/fish/completions/ava-setup.fish",
                _("once, for fish"),
            ),
        ),
    ),
    "man": (
        examples(
            ("ava-setup man | man -l -", _("reads it")),
        ),
    ),
    "forget": (
        examples(
            ("ava-setup forget --profile garage", _("asks, then forgets that business here")),
        ),
    ),
    "report": (
        examples(
            ("ava-setup report", _("shows it, asks, and writes it into this folder")),
            ("ava-setup report --yes --output report.txt", _("writes it at once")),
        ),
    ),
    "serve": (
        examples(
            ("ava-setup serve --demo", _("shows a demo, and says which link opens it")),
        ),
    ),
    "handover": (
        examples(
            ("ava-setup handover", _("writes both into this folder, over nothing")),
            ("ava-setup handover --lang fr --output line.html", _("in French, and where to")),
        ),
    ),
    "doctor": (
        examples(
            ("ava-setup doctor --fix", _("mends it: each change is shown first, and asked")),
            ("ava-setup doctor --number +33199001234", _("any number, with no set-up")),
            ("ava-setup doctor --json | jq .message", _("for programs")),
        ),
        Section(
            _("exit codes"),
            (
                Row("0", _("a caller would be answered by Ava")),
                Row("1", _("a caller would not, or nobody can tell")),
            ),
        ),
        KEYS,
    ),
}
