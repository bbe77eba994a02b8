"""What is shipped: no secrets in the sources, and a table of the standard that says something of every chapter."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

HOOK = ROOT / ".venv" / "bin" / "detect-secrets-hook"
ROW = re.compile(r"^\| V(\d+)(?:\.\d+)? [^|]+ \| ([^|]+) \| (.+) \|$", re.MULTILINE)
STATES = {"met", "not met", "not applicable"}


def read_hook() -> list[str]:
    """As `make secrets` calls it on the product, without the files."""
    shown = subprocess.run(
        ["make", "--dry-run", "--always-make", "secrets"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = re.search(r"xargs (\.venv/bin/detect-secrets-hook .*)", shown)
    assert found
    return found[1].replace("'", "").split()


@pytest.mark.skipif(not HOOK.exists(), reason="no detect-secrets; make check installs it")
@pytest.mark.parametrize(
    "line",
    [
        'key = "AKIA' + 'Z7QW5XK3N2M4P6RT"',
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        'password = "hunter2-hunter2"',
    ],
)
def test_the_check_of_secrets_finds_one(tmp_path: Path, line: str) -> None:
    file = tmp_path / "settings.py"
    file.write_text("DEBUG = False\n")
    hook = read_hook()
    assert subprocess.run([*hook, str(file)], cwd=ROOT, check=False).returncode == 0
    file.write_text(f"{line}\n")
    assert subprocess.run([*hook, str(file)], cwd=ROOT, check=False).returncode == 1


def test_every_chapter_of_the_standard_is_spoken_of() -> None:
    rows = ROW.findall((ROOT / "docs" / "security.md").read_text())
    assert {int(chapter) for chapter, *_ in rows} == set(range(1, 18))
    for chapter, state, words in rows:
        assert state in STATES, chapter
        assert state != "met" or "::test_" in words, f"V{chapter} names no test: {words}"
        assert len(words.split()) > 2 or state == "met"
