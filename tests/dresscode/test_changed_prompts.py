"""Prompt files that this branch changed pass the gate on the golden examples that come with the code.

What is a change is told by Git: since `PROMPT_BASE`, else since the branch left `origin/main`, else since the
commit before the last. Nothing is asked, and no time taken, when no prompt file has changed; the reports say so.
"""

import os
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from registry.prompts import changes

PROMPTS = Path(settings.BASE_DIR) / "fixtures" / "prompts"
REPORTS = os.environ.get("PROMPT_REPORTS", "")

TOLERATED: list[str] = []
"""Tasks whose shipped version may fail the gate, if it does not get worse: none."""
UNJUDGED = ["digitize_photo", "suggest_outfit"]
"""There is no Gemma here to read their texts; the reports say which changes nobody has judged."""

pytestmark = [pytest.mark.django_db(transaction=True)]


def ask_git(*arguments: str) -> str:
    asked = ["git", "-C", str(PROMPTS), *arguments]
    told = subprocess.run(asked, capture_output=True, text=True, check=False)
    return told.stdout.strip() if told.returncode == 0 else ""


def find_base() -> str:
    """The commit to compare with; empty without Git or a commit before this one."""
    if base := os.environ.get("PROMPT_BASE", ""):
        return base
    head, left = ask_git("rev-parse", "HEAD"), ask_git("merge-base", "HEAD", "origin/main")
    return left if left and left != head else ask_git("rev-parse", "--verify", "HEAD~1")


@override_settings(VLLM_BASE_URL="")
def test_changed_prompt_files_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = find_base()
    if not base:
        pytest.skip("no commit of Git to compare the prompt files with")
    reports = Path(REPORTS) if REPORTS else tmp_path
    reports.mkdir(parents=True, exist_ok=True)
    if changes.find_changed(PROMPTS, since=base):
        call_command("load_vocabulary", verbosity=0)
    call_command(
        "evaluate",
        changed=True,
        base=base,
        tolerate=TOLERATED,
        tolerate_unjudged=UNJUDGED,
        markdown=reports / "prompts.md",
        junit=reports / "prompts.xml",
    )
