"""Killed at any moment, what is left on disk can be read."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from ava_setup.store.state_file import StateFile

if TYPE_CHECKING:
    from pathlib import Path

    from ava_setup.store.places import ProfileFolder

UPDATES_FOR_EVER = """
import asyncio, itertools, sys
from pathlib import Path
from ava_setup.store.state_file import StateFile
from ava_setup.store.state_store import StateStore

async def main():
    file = StateFile(Path(sys.argv[1]))
    store = StateStore(file, file.load().saved)
    count = int(store.state.saved.typed.get("count", 0))
    while True:
        count += 1
        await store.update(lambda state: state.save(answers=(
            ("bulk", "x" * (count % 7) * 5000), ("count", str(count)))))
        print(count, flush=True)

asyncio.run(main())
"""


def test_a_process_killed_in_the_midst_of_updates_leaves_a_file_that_parses(
    folder: ProfileFolder, tmp_path: Path
) -> None:
    file = StateFile(folder.state)
    output = tmp_path / "output"
    done = 0
    for _ in range(4):
        with output.open("wb") as into:
            process = subprocess.Popen(
                [sys.executable, "-c", UPDATES_FOR_EVER, str(file.path)], stdout=into
            )
            while not output.stat().st_size:
                assert process.poll() is None
                time.sleep(0.01)
            time.sleep(random.uniform(0, 0.1))  # noqa: S311 - any moment will do
            process.kill()
            process.wait()
        # Whole lines only: the last may have been cut.
        said = int(output.read_bytes().rpartition(b"\n")[0].split(b"\n")[-1])
        loaded = file.load()
        assert loaded.problem is None
        kept = int(loaded.saved.typed["count"])
        assert kept in {said, said + 1}, "an update that was done is on disk"
        assert kept > done
        assert [path.name for path in folder.path.iterdir()] == ["state.json"]
        done = kept
