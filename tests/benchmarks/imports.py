"""Where the start goes: what is imported before the first screen, as `-X importtime` tells."""

from __future__ import annotations

import subprocess
from collections import defaultdict

from tests.benchmarks.window import PYTHON, environment

_MOST = 12
_STARTED = (
    "import ava_setup.start, ava_setup.first_sight, ava_setup.wizard_command, ava_setup.tui.app, "
    "ava_setup.tui.screens.welcome, ava_setup.tui.textual_defects.driver"
)


def explained() -> str:
    """Tell the packages that take the most time to import, each with its own part."""
    done = subprocess.run(
        [PYTHON, "-X", "importtime", "-c", _STARTED],
        capture_output=True,
        text=True,
        check=True,
        env=environment(),
    )
    own: defaultdict[str, int] = defaultdict(int)
    count: defaultdict[str, int] = defaultdict(int)
    for line in done.stderr.splitlines():
        parts = line.removeprefix("import time:").split("|")
        if len(parts) != 3 or not parts[0].strip().isdigit():
            continue
        names = parts[2].strip().split(".")
        package = ".".join(names[:2]) if names[0] == "ava_setup" else names[0]
        own[package] += int(parts[0])
        count[package] += 1
    most = sorted(own, key=lambda name: own[name], reverse=True)[:_MOST]
    lines = [f"  {own[name] / 1000:6.1f} ms  {name} ({count[name]})" for name in most]
    whole = f"Imports before the first screen: {sum(own.values()) / 1000:.0f} ms, of which"
    return "\n".join((whole, *lines, ""))
