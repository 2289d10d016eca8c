"""Builds the single file of a wheel: `make dist`.

Everything that the wheel and its extras need is inside, as locked, for each Python that is asked
for, whichever of them runs this. Compiled parts are those of the kind of computer that builds it.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from packaging.markers import default_environment
from packaging.tags import compatible_tags, cpython_tags

if TYPE_CHECKING:
    from collections.abc import Sequence

_LOCKS = Path(__file__).parents[1] / ".lock"
_MINORS = (11, 12, 13)


def build(wheel: Path, file: Path) -> None:
    """Build the single file.

    Args:
        wheel: What it is to run.
        file: Where it goes; what is there is overwritten.

    Raises:
        CalledProcessError: It could not be built; pex has said why.
    """
    seal = hashlib.sha256(wheel.read_bytes()).hexdigest()
    wanted = [*(f"-r {_LOCKS / name}" for name in ("api.txt", "web.txt"))]
    wanted.append(f"{wheel.resolve()} --hash=sha256:{seal}")
    with TemporaryDirectory() as folder:
        requirements = Path(folder, "requirements.txt")
        requirements.write_text("\n".join(wanted), encoding="utf-8")
        # `--venv`: what starts itself anew, as `serve` does, finds all of it again.
        how = ["--venv", "--script", "ava-setup", "--python-shebang", "/usr/bin/env python3"]
        subprocess.run(  # noqa: S603 - nothing of it comes from elsewhere
            [
                *(sys.executable, "-m", "pex", "--use-pip-config", *how),
                *(part for minor in _MINORS for part in ("--complete-platform", _target(minor))),
                *("--requirement", str(requirements), "--output-file", str(file)),
            ],
            check=True,
        )


def _target(minor: int) -> str:
    """Describe this computer, had it a Python 3.`minor`, as pex reads it."""
    version = f"3.{minor}"
    whole = {"python_full_version": f"{version}.0", "implementation_version": f"{version}.0"}
    tags = (*cpython_tags((3, minor)), *compatible_tags((3, minor), f"cp3{minor}"))
    return json.dumps(
        {
            "marker_environment": {**default_environment(), "python_version": version, **whole},
            "compatible_tags": [str(tag) for tag in tags],
        }
    )


def _main(arguments: Sequence[str]) -> None:
    wheel, file = arguments
    build(Path(wheel), Path(file))


if __name__ == "__main__":
    _main(sys.argv[1:])
