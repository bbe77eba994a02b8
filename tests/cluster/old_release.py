"""The release before: the newest commit that lacks migrations of today's, beside today's code on one database."""

import subprocess
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

MIGRATIONS = ":(glob)**/migrations/[0-9]*.py"


@dataclass(frozen=True)
class OldRelease:
    commit: str
    migrations: frozenset[str]
    """Their files."""
    missing: frozenset[str]
    """Those of today that it has not."""

    @property
    def targets(self) -> dict[str, str]:
        """By each app's label, to which migration today's code goes back: the last that it had, or `zero`."""
        apps = {Path(name).parent for name in self.missing}
        last: dict[str, str] = defaultdict(lambda: "zero")
        for name in sorted(self.migrations):
            last[Path(name).parents[1].name] = Path(name).stem
        return {folder.parent.name: last[folder.parent.name] for folder in sorted(apps)}

    @property
    def sees_by_other_weights(self) -> bool:
        """Whether it cannot look at photos once today's version is live."""
        return bool(run_git("diff", "--name-only", self.commit, "--", "wardrobe/vision/weights"))

    def unpack(self, folder: Path) -> Path:
        folder.mkdir()
        archive = subprocess.run(
            ["git", "archive", self.commit], cwd=ROOT, capture_output=True, check=True
        ).stdout
        subprocess.run(["tar", "--extract", "--directory", folder], input=archive, check=True)
        return folder


def find_old_release() -> OldRelease | None:
    """None where the history does not reach back so far, as in a shallow clone."""
    today = frozenset(run_git("ls-files", "--", MIGRATIONS))
    for commit in run_git("log", "--first-parent", "--format=%P", "--", MIGRATIONS):
        parent = commit.partition(" ")[0]
        if not parent:
            continue
        files = run_git("ls-tree", "-r", "--name-only", parent)
        kept = frozenset(
            name for name in files if "/migrations/0" in name and not name.startswith("tests/")
        )
        if kept < today:
            return OldRelease(parent, kept, today - kept)
    return None


def run_git(*words: str) -> list[str]:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.splitlines() if done.returncode == 0 else []
