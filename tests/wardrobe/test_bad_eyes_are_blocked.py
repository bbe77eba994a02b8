"""Extractions that got worse must not go live, each refused for what is wrong with it."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from registry.evaluation.datasets import import_dataset
from registry.evaluation.gate import NotPassedError
from registry.evaluation.runner import evaluate_version
from registry.models import Alias, DatasetVersion, PromptVersion
from registry.services import releases
from registry.services.versions import create_version

GOLDEN = Path(django_settings.BASE_DIR) / "fixtures" / "golden" / "digitize_photo"
PHOTOS = [
    "photos/002-navy-blazer.jpg",
    "photos/014-white-shirt.jpg",
    "photos/015-t-shirt-and-shorts.webp",
    "photos/025-grey-checkered-blazer.jpg",
    "photos/042-white-striped-t-shirt.avif",
    "photos/055-hoodie-and-sweatpants.heic",
    "photos/058-green-polka-dot-dress.jpg",
    "photos/089-pink-checkered-shirt.avif",
    "photos/096-mint-striped-shirt.png",
    "photos/098-navy-jeans.webp",
    "photos/100-orange-cap.jpg",
]
"""Seen well by today's weights: what fails here is what a version changed. Seven must get worse before the gate says that it is no chance."""

WORSE: dict[str, tuple[dict[str, Any], str]] = {
    "sees one garment": ({"maximum_garments": 1}, "Slice multi-garment: "),
    "names families alone": ({"name_certainty": 1.1}, "Slice plain: "),
    "sees coarsely and names families": (
        {"analysis_side": 16, "name_certainty": 1.1},
        "It is worse than the live digitize_photo v1: ",
    ),
}
"""Of each: what it sees with, and how the gate's refusal begins."""

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("digitizing")]


@pytest.fixture
def golden(tmp_path: Path) -> DatasetVersion:
    """Eleven photos; the live version has answered them."""
    lines = (GOLDEN / "labels.jsonl").read_text().splitlines()
    chosen = [line for line in lines if json.loads(line)["file"] in PHOTOS]
    (tmp_path / "labels.jsonl").write_text("\n".join(chosen))
    (tmp_path / "photos").mkdir()
    for name in PHOTOS:
        shutil.copy(GOLDEN / name, tmp_path / name)
    (tmp_path / "thresholds.toml").write_text("accuracy = 0.9\nslice_floor = 0.85\n")
    golden = import_dataset(task_name="digitize_photo", directory=tmp_path, name="golden").version
    evaluate_version(version=live(), dataset_version=golden)
    return golden


def live() -> PromptVersion:
    return Alias.objects.get(prompt__name="digitize_photo").version


def refuse(golden: DatasetVersion, **vision: Any) -> list[str]:
    """What the gate says against a version with other eyes."""
    bundle = live().bundle
    parameters = {**bundle["parameters"], "vision": {**bundle["parameters"]["vision"], **vision}}
    draft = create_version(prompt=live().prompt, bundle={**bundle, "parameters": parameters})
    evaluate_version(version=draft, dataset_version=golden)
    with pytest.raises(NotPassedError) as refused:
        releases.promote_version(version=draft, actor=None, reason="a test")
    return refused.value.failures


def test_worse_eyes_are_refused_and_equally_good_ones_are_not(golden: DatasetVersion) -> None:
    """In one test: the live version answers the photos once for all of them."""
    failures = {name: refuse(golden, **vision) for name, (vision, _) in WORSE.items()}
    for name, (_, failure) in WORSE.items():
        assert any(found.startswith(failure) for found in failures[name]), (name, failures[name])
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        refuse(golden, whole_bias=0.76)
