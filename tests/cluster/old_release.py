"""The release before: the newest commit that lacks migrations of today's, beside today's code on one database."""

import dataclasses
import hashlib
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT
from wardrobe.vision.heads import read_heads, write_heads

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
    def gives_up_photos(self) -> bool:
        """Whether it cannot look at photos once today's version is live, and is from before such photos were left to
        workers that can."""
        leaves = run_git("ls-tree", "--name-only", self.commit, "registry/prompts/runnable.py")
        weights = run_git("diff", "--name-only", self.commit, "--", "wardrobe/vision/weights")
        return bool(weights) and not leaves

    def unpack(self, folder: Path) -> Path:
        return unpack(self.commit, folder)


def unpack(commit: str, folder: Path) -> Path:
    folder.mkdir()
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True)
    subprocess.run(["tar", "--extract", "--directory", folder], input=archive.stdout, check=True)
    return folder


def unpack_with_other_heads(folder: Path) -> Path:
    """The newest commit's code, as a release of which garments are seen by other heads."""
    vision = unpack("HEAD", folder) / "wardrobe" / "vision"
    heads = vision / "weights" / "heads.npz"
    before = hashlib.sha256(heads.read_bytes()).hexdigest()
    shipped = read_heads(heads.read_bytes())
    weighed = dataclasses.replace(shipped, family_weight=shipped.family_weight + 0.5)
    heads.write_bytes(write_heads(weighed))
    after = hashlib.sha256(heads.read_bytes()).hexdigest()
    parameters = vision / "parameters.py"
    assert before in parameters.read_text()
    parameters.write_text(parameters.read_text().replace(before, after))
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
