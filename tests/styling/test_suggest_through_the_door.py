"""From rows to an answer: the real prompt, the real registry, the built-in engine."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from registry import inference
from registry.models import Prompt
from registry.services.releases import roll_back
from registry.services.versions import load_prompts
from styling.stylist.context import Candidate, EventContext, OutfitContext
from styling.weather.model import stated_weather
from tests.factories import make_garment, make_user, promote
from tests.styling.conftest import forget_everything

FIXTURES = Path(django_settings.BASE_DIR) / "fixtures"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def versions(vocabulary: None, settings: Any, tmp_path: Path) -> None:
    """The demo's history: the earlier prompt went live first, then today's."""
    settings.VLLM_BASE_URL = ""
    settings.INFERENCE_TASKS = ["styling.tasks.SuggestOutfit"]
    forget_everything()
    load_prompts(directory=FIXTURES / "demo" / "prompts")
    today = (FIXTURES / "prompts" / "suggest_outfit.md").read_text()
    (tmp_path / "suggest_outfit.md").write_text(today)
    [version] = load_prompts(directory=tmp_path)
    promote(version)


@pytest.fixture
def context(vocabulary: None) -> OutfitContext:
    """A rainy, chilly business day and a wardrobe with and without cover."""
    owner = make_user()
    garments = [
        make_garment(owner, name="Navy shirt", formality="business"),
        make_garment(owner, name="Grey trousers", slot="bottom", type="pants", formality=""),
        make_garment(owner, name="Brown boots", slot="shoes", type="boots", formality=""),
        make_garment(owner, name="Wool coat", slot="outerwear", type="coat", layering="outer", formality=""),
        make_garment(owner, name="Mac", slot="outerwear", type="trench-coat", layering="outer", formality=""),
    ]  # fmt: skip
    starts = timezone.now() + timedelta(hours=1)
    return OutfitContext(
        event=EventContext.of("business", starts=starts, ends=starts + timedelta(hours=8)),
        weather=stated_weather("chilly", "rainy"),
        wardrobe=tuple(Candidate.from_garment(garment) for garment in garments),
        today=datetime.now().date(),  # noqa: DTZ005
    )


def suggest(context: OutfitContext) -> inference.Finished:
    return inference.run("suggest_outfit", context, subject="suggestion:1", seed=1)


def test_the_live_prompt_answers_without_a_violation(
    versions: None, context: OutfitContext
) -> None:
    finished = suggest(context)
    assert (finished.engine, finished.violations) == ("builtin", [])
    assert "Mac" in finished.output.prose  # type: ignore[attr-defined]


def test_a_rollback_brings_the_earlier_behaviour_back(
    versions: None, context: OutfitContext
) -> None:
    prompt = Prompt.objects.get(name="suggest_outfit")
    alias = prompt.production()
    assert alias is not None
    roll_back(
        prompt=prompt,
        to_version=prompt.versions.get(number=1),
        actor=make_user(),
        reason="Too many words",
        expected_epoch=alias.epoch,
    )
    finished = suggest(context)
    assert finished.output.prose.startswith("Wear: ")  # type: ignore[attr-defined]
