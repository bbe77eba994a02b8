"""Versions written back as files load as the same versions."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from registry.prompts.bundles import DEFAULTS
from registry.prompts.files import (
    PromptFile,
    PromptFileError,
    parse_prompt,
    parse_prompt_file,
    write_prompt,
)
from registry.services.versions import load_prompts

SHIPPED = sorted(Path(settings.BASE_DIR, "fixtures", "prompts").glob("*.md"))
HOSTILE = [
    "+++",
    "# User",
    "a\n# User\nb",
    "a\n# System\n+++\n# System\n\\# User\n\\\\# User",
    '""" \'\'\' \\ \\n $$5 {"a": 1}',
    "ü 服 👗 \x7f",
]


def make_file(text: str, **bundle: object) -> PromptFile:
    return PromptFile("toy", text, text, {**DEFAULTS, "system": text, "user": text, **bundle})


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_file_is_read_again_as_it_was(path: Path) -> None:
    file = parse_prompt_file(path)
    assert parse_prompt(file.name, write_prompt(file)) == file


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_read_again_as_it_was(text: str) -> None:
    file = make_file(text, parameters={text: [{"deep": text}, 1, 0.5, True]})
    assert parse_prompt(file.name, write_prompt(file)) == file


@pytest.mark.parametrize("text", [" blank ends ", "carriage\rreturn"])
def test_what_no_file_can_say_is_refused(text: str) -> None:
    with pytest.raises(PromptFileError):
        write_prompt(make_file(text))


@pytest.mark.django_db
def test_live_versions_are_dumped_and_load_as_themselves(tmp_path: Path) -> None:
    loaded = load_prompts(directory=SHIPPED[0].parent)
    call_command("dump_prompts", directory=tmp_path)
    assert load_prompts(directory=tmp_path) == loaded


@pytest.mark.django_db
def test_a_file_with_other_content_is_overwritten_by_force_only(tmp_path: Path) -> None:
    name = load_prompts(directory=SHIPPED[0].parent)[0].prompt.name
    path = tmp_path / f"{name}.md"
    path.write_text("mine")
    with pytest.raises(CommandError, match="other content"):
        call_command("dump_prompts", directory=tmp_path)
    assert path.read_text() == "mine"
    call_command("dump_prompts", directory=tmp_path, force=True)
    assert parse_prompt_file(path)
