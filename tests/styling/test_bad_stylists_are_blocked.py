"""Stylists that must not go live, each refused for what is wrong with it."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command

from registry.engines.base import Completion, EngineEvent, EngineRequest, TextDelta
from registry.evaluation.gate import NotPassedError
from registry.evaluation.runner import evaluate_version
from registry.models import Alias, DatasetVersion, PromptVersion
from registry.prompts.bundles import Bundle
from registry.prompts.files import parse_prompt_file
from registry.services import releases
from registry.services.versions import create_version, load_prompt
from tests.styling.conftest import forget_everything

FIXTURES = Path(django_settings.BASE_DIR) / "fixtures"
FEW = "summer.toml", "wardrobes.toml", "wardrobes_small_and_large.toml"
STRANGER = "00000000-0000-4000-8000-000000000000"

pytestmark = pytest.mark.django_db(transaction=True)


class Inventor:
    """Answers as the built-in stylist, with one garment more: nobody's."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def stream(self, request: EngineRequest) -> AsyncGenerator[EngineEvent, None]:
        answer = json.loads("".join(request.offline()))
        answer["pieces"].append({"garment_id": STRANGER, "slot": "accessory"})
        yield TextDelta(json.dumps(answer))
        yield Completion(engine=self.name)


class Stutterer(Inventor):
    """Breaks off in the middle of its JSON."""

    async def stream(self, request: EngineRequest) -> AsyncGenerator[EngineEvent, None]:
        answer = "".join(request.offline())
        yield TextDelta(answer[: len(answer) // 2])
        yield Completion(engine=self.name)


@pytest.fixture
def bundle(vocabulary: None, settings: Any) -> Bundle:
    """Today's stylist without its pauses; it is live."""
    settings.VLLM_BASE_URL = ""
    settings.INFERENCE_TASKS = ["styling.tasks.SuggestOutfit"]
    here = "tests.styling.test_bad_stylists_are_blocked"
    settings.INFERENCE_ENGINES = {
        **settings.INFERENCE_ENGINES,
        "inventor": {"ENGINE": f"{here}.Inventor"},
        "stutterer": {"ENGINE": f"{here}.Stutterer"},
    }
    forget_everything()
    file = parse_prompt_file(FIXTURES / "prompts" / "suggest_outfit.md")
    file.bundle["parameters"]["pace_ms"] = 0
    load_prompt(file, promote=True, actor=None)
    return file.bundle


@pytest.fixture
def suite(bundle: Bundle, tmp_path: Path) -> DatasetVersion:
    """Summer's scenarios under their own thresholds; today's stylist has answered them. Each is asked once, for these
    stylists answer the same each time."""
    source = FIXTURES / "golden" / "suggest_outfit"
    for name in (*FEW, "thresholds.toml"):
        (tmp_path / name).write_text(
            "repeats = 1\n" * (name not in FEW) + (source / name).read_text()
        )
    call_command(
        "import_golden",
        str(tmp_path),
        task="suggest_outfit",
        dataset="golden",
        verbosity=0,
    )
    evaluate_version(version=live(), dataset_version=DatasetVersion.objects.get())
    return DatasetVersion.objects.get()


def live() -> PromptVersion:
    return Alias.objects.get().version


def refuse(bundle: Bundle, suite: DatasetVersion, **changes: Any) -> list[str]:
    """What the gate says against a changed stylist."""
    draft = create_version(prompt=live().prompt, bundle={**bundle, **changes})
    evaluate_version(version=draft, dataset_version=suite)
    with pytest.raises(NotPassedError) as refused:
        releases.promote_version(version=draft, actor=None, reason="a test")
    assert live() != draft
    return refused.value.failures


def test_a_coat_in_summer(bundle: Bundle, suite: DatasetVersion) -> None:
    cold = {**bundle["parameters"], "rules": {**bundle["parameters"]["rules"], "heat": False}}
    failures = refuse(bundle, suite, parameters=cold)
    assert any(failure.startswith("Slice no-coat-in-summer") for failure in failures)
    assert "worse than the live" in failures[-1]


def test_invented_garments(bundle: Bundle, suite: DatasetVersion) -> None:
    failures = refuse(bundle, suite, engine="inventor")
    count = suite.examples.count()
    assert f"{count} things were named that were not offered (unowned_item)." in failures


def test_broken_json(bundle: Bundle, suite: DatasetVersion) -> None:
    failures = refuse(bundle, suite, engine="stutterer")
    assert failures[0] == f"{suite.examples.count()} answers are not well-formed."
