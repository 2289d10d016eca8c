"""The same line set up with the vendors' own SDKs, beside `ava-setup apply`: both cold."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from tests.benchmarks.table import Row
from tests.benchmarks.walk import addresses, begin_anew, ring, vendors
from tests.benchmarks.window import WIZARD, environment, seconds_of
from tests.headless.files import HEAD, business

if TYPE_CHECKING:
    from tests.benchmarks.walk import Told

LATENCY_MS = 200
_SCRIPT = Path(__file__).with_name("sdk_script.py")
_ROOM = Path(sys.prefix) / "sdks"
_SDKS = ("vapi-server-sdk", "twilio")


def vendors_sdks(rounds: int) -> list[Row]:
    """Set a line up by either way, turn about; a caller is answered after each."""
    python = _environment_of_sdks()
    took: dict[str, list[float]] = {"sdks": [], "ours": []}
    with vendors(latency_ms=LATENCY_MS) as told:
        for _round in range(rounds):
            begin_anew(told)
            took["sdks"].append(seconds_of([python, str(_SCRIPT), json.dumps(told)]))
            ring(told)
            begin_anew(told)
            with tempfile.TemporaryDirectory() as home:
                took["ours"].append(_applied(told, Path(home)))
            ring(told)
    parts = {name: round(median(values) * 1000) for name, values in took.items()}
    least = (len(took["ours"]) and min(took["sdks"]) / min(took["ours"])) or 0.0
    versions = ", ".join(_versions(python))
    return [
        Row(
            "sdks",
            "against the vendors' own SDKs, cold: how many times faster",
            median(took["sdks"]) / median(took["ours"]),
            10.0,
            "x",
            f"{versions}: {parts['sdks'] / 1000:.1f} s",
            at_least=True,
            why=(
                f"{parts['ours']} ms; of the minima: {least:.1f}. Most of the SDKs' time is the "
                "making of Vapi's models at their first import; bytecode was compiled"
            ),
            parts=parts,
        )
    ]


def _applied(told: Told, home: Path) -> float:
    file = home / "one.toml"
    file.write_text(HEAD + business(number=told["number"], account_sid=told["twilio_account_sid"]))
    env = addresses(told, home) | {
        "VAPI_KEY": told["vapi_key"],
        "TWILIO_TOKEN": told["twilio_auth_token"],
    }
    return seconds_of([WIZARD, "apply", str(file), "--yes"], env)


def _environment_of_sdks() -> str:
    """Make an environment that holds the SDKs and nothing else; gives its Python."""
    python = _ROOM / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(_ROOM)], check=True)
    if len(_versions(str(python))) < len(_SDKS):
        install = [str(python), "-m", "pip", "install", "--quiet", *_SDKS]
        subprocess.run(install, check=True, stderr=subprocess.DEVNULL)
    compiled = [str(python), "-m", "compileall", "-q", "-j", "0", str(_ROOM / "lib")]
    subprocess.run(compiled, check=False, env=environment(), stdout=subprocess.DEVNULL)
    return str(python)


def _versions(python: str) -> list[str]:
    listing = subprocess.run(
        [python, "-m", "pip", "list", "--format", "json"],
        capture_output=True,
        text=True,
        check=True,
    )
    listed = json.loads(listing.stdout)
    return [f"{one['name']} {one['version']}" for one in listed if one["name"] in _SDKS]
