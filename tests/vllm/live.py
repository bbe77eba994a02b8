"""Shipped prompts gone live, with what a test changes of them."""

from pathlib import Path
from typing import Any

from django.conf import settings

from registry.models import Prompt, PromptVersion
from registry.prompts.files import parse_prompt_file
from registry.services.versions import create_version
from tests.factories import promote

PROMPTS = Path(settings.BASE_DIR) / "fixtures" / "prompts"
DRAWN = {"temperature": 1.0, "top_p": 1.0, "max_tokens": 4096}
"""A model that knows nothing may find its one likeliest answer in nothing at all: words are drawn."""


def go_live(task: str, **changes: Any) -> PromptVersion:
    """The prompt file of `task`, live as a version whose bundle has `changes`."""
    bundle = parse_prompt_file(PROMPTS / f"{task}.md").bundle
    prompt, _ = Prompt.objects.get_or_create(name=task)
    version = create_version(prompt=prompt, bundle={**bundle, **changes})
    promote(version)
    return version
