"""A change of the vocabulary's files is a change of every prompt that uses them."""

import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from registry.prompts.changes import find_changed

SHIPPED = Path(settings.BASE_DIR) / "fixtures" / "prompts"
FIT = 'kind = "fit"\n[[terms]]\nvalue = "slim"\nlabel = "Slim"\n'


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    """Prompts and words, in a repository of their own with one commit."""
    for name in ("prompts", "vocabulary"):
        (tmp_path / name).mkdir()
    for file in SHIPPED.glob("*.md"):
        (tmp_path / "prompts" / file.name).write_text(file.read_text())
    (tmp_path / "vocabulary" / "fit.toml").write_text(FIT)
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Words"]):
        who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
        subprocess.run(["git", "-C", str(tmp_path), *who, *arguments], check=True)
    return tmp_path / "prompts"


def test_unchanged_words_change_no_prompt(prompts: Path) -> None:
    assert find_changed(prompts, since="HEAD") == []


def test_a_changed_word_changes_the_prompts_that_use_it(prompts: Path) -> None:
    (prompts.parent / "vocabulary" / "fit.toml").write_text(FIT.replace("Slim", "Close"))
    changed = [file.name for file, _ in find_changed(prompts, since="HEAD")]
    assert changed == ["digitize_photo", "suggest_outfit"]
