"""The styling suite through the registry: imported as a dataset, asked of a version, reported."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from registry.models import DatasetVersion, EvaluationRun, PromptVersion
from registry.services.versions import load_prompts
from tests.factories import promote
from tests.styling.conftest import forget_everything

SUITE = Path(django_settings.BASE_DIR) / "fixtures" / "golden" / "suggest_outfit"
LIVE = Path(django_settings.BASE_DIR) / "fixtures" / "prompts" / "suggest_outfit.md"
FEW = "weather_told.toml", "seasons.toml", "wardrobes.toml"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def suite(vocabulary: None, settings: Any, tmp_path: Path) -> Path:
    """A live version without its pauses, and fourteen scenarios."""
    settings.VLLM_BASE_URL = ""
    settings.INFERENCE_TASKS = ["styling.tasks.SuggestOutfit"]
    forget_everything()
    go_live(tmp_path, LIVE.read_text())
    folder = tmp_path / "suite"
    folder.mkdir()
    for name in FEW:
        (folder / name).write_text((SUITE / name).read_text())
    return folder


def go_live(folder: Path, text: str) -> None:
    prompts = folder / "prompts"
    prompts.mkdir(exist_ok=True)
    (prompts / "suggest_outfit.md").write_text(text.replace("pace_ms = 35", "pace_ms = 0"))
    [version] = load_prompts(directory=prompts)
    promote(version)
    forget_everything()


def import_suite(folder: Path) -> DatasetVersion:
    call_command("import_golden", str(folder), task="suggest_outfit", dataset="golden")
    return DatasetVersion.objects.get(
        dataset__name="golden", dataset__prompt__name="suggest_outfit"
    )


def test_the_built_in_stylist_passes_its_suite(suite: Path) -> None:
    version = import_suite(suite)
    call_command("evaluate", "suggest_outfit@production")
    run = EvaluationRun.objects.get()
    assert run.results.count() == version.examples.count() == 14
    assert all(result.correct == result.total for result in run.results.all())


def test_a_second_import_of_the_same_scenarios_changes_nothing(suite: Path) -> None:
    first = import_suite(suite)
    assert import_suite(suite) == first


def test_a_version_without_heat_does_not_pass(suite: Path, tmp_path: Path) -> None:
    import_suite(suite)
    go_live(tmp_path, LIVE.read_text().replace("heat = true", "heat = false"))
    latest = PromptVersion.objects.order_by("number").last()
    assert latest is not None
    with pytest.raises(CommandError, match="not passed"):
        call_command("evaluate", f"suggest_outfit@{latest.number}")
    results = EvaluationRun.objects.get().results.all()
    wrong = {field["name"] for result in results for field in result.fields if not field["correct"]}
    assert wrong == {"warmth"}


def test_a_scenario_that_cannot_be_read_names_its_file(suite: Path) -> None:
    (suite / "seasons.toml").write_text('[[scenarios]]\nkey = "odd"\nwardrobe = "nobodys"\n')
    with pytest.raises(CommandError, match="seasons.toml, odd"):
        import_suite(suite)
