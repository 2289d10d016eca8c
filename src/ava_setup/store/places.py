"""Where things live: one root, and one folder in it for each profile."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ava_setup.onboarding.errors import FieldProblem
from ava_setup.store.root import chosen_root, usual_root
from ava_setup.words import _

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_PROFILE = "default"
PROFILE_MAX = 64

_PROFILE_NAME = re.compile(rf"[A-Za-z0-9_-]{{1,{PROFILE_MAX}}}")


def line_name(number: str) -> str:
    """Name the folder of a line without a set-up, by its E.164 number."""
    return number.removeprefix("+")


@dataclass(frozen=True, slots=True)
class ProfileFolder:
    """One business's folder. Nothing is created by naming it.

    Attributes:
        name: The profile's name, valid.
        path: The folder, absolute.
    """

    name: str
    path: Path

    @property
    def state(self) -> Path:
        """The state file."""
        return self.path / "state.json"

    @property
    def lock(self) -> Path:
        """The file that the OS lock is on."""
        return self.path / "lock"

    @property
    def pid(self) -> Path:
        """The file in which the lock's holder says who it is."""
        return self.path / "lock.pid"

    @property
    def secrets(self) -> Path:
        """The file of the secrets, where no keyring keeps them."""
        return self.path / "secrets.json"

    @property
    def log(self) -> Path:
        """The log; earlier ones lie beside it, as `NAME.1` and so on."""
        return self.path / "log" / "ava-setup.log"


@dataclass(frozen=True, slots=True)
class Places:
    """The root of all that is kept.

    Attributes:
        root: The folder, absolute.
        moved: Whether somebody chose this root. All then stays in it: secrets go into a file
            there, and the keyring of the system is not touched.
    """

    root: Path
    moved: bool = True

    @classmethod
    def from_environment(cls) -> Places:
        """`AVA_SETUP_HOME` when it is set, else the system's place for a user's data."""
        chosen = chosen_root()
        return cls(usual_root(), moved=False) if chosen is None else cls(chosen)

    @property
    def run_log(self) -> Path:
        """The log of runs over many businesses."""
        return self.root / "log" / "apply.log"

    def lines(self) -> Places:
        """Give the place of lines without a set-up: of each only what was changed is kept."""
        return Places(self.root / "lines", moved=self.moved)

    def profile(self, name: str = DEFAULT_PROFILE) -> ProfileFolder:
        """Name a profile's folder.

        Raises:
            FieldProblem: It is no name for a profile.
        """
        if not _PROFILE_NAME.fullmatch(name):
            raise FieldProblem(
                _(
                    "A profile's name has letters without accents, digits, - and _,"
                    " {max} characters at most.",
                    max=PROFILE_MAX,
                )
            )
        return ProfileFolder(name, self.root / "profiles" / name)

    def profiles(self) -> tuple[str, ...]:
        """The profiles that have saved something, by name; blocking, but short."""
        try:
            found = [path.parent.name for path in self.root.glob("profiles/*/state.json")]
        except OSError:
            return ()
        return tuple(sorted(name for name in found if _PROFILE_NAME.fullmatch(name)))
