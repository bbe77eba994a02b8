"""Evaluations leave out the pauses for readers, but not the faults of what a version says of them."""

from pathlib import Path
from typing import Any

import pytest

from registry.evaluation import gate
from registry.evaluation.runner import hold_unpaced
from registry.models import Prompt
from registry.prompts import authoring
from tests.registry.golden import evaluate, make_draft, recall_guests
from tests.registry.live import BUNDLE, make_live

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("pace", ["slow", True, -1, 501, None])
def test_a_version_that_names_no_pace_does_not_pass(
    prompt: Prompt, tmp_path: Path, pace: Any
) -> None:
    make_live(prompt)
    draft = make_draft(prompt, parameters={"word": "Hello", "pace_ms": pace})
    evaluate(draft, recall_guests(tmp_path))
    assert not gate.has_passed(draft)


def test_a_pace_is_left_out(prompt: Prompt) -> None:
    draft = make_draft(prompt, parameters={"word": "Hello", "pace_ms": 35})
    assert hold_unpaced(draft).parameters == {"word": "Hello"}


def test_a_version_that_names_no_pace_is_not_written(prompt: Prompt) -> None:
    bundle = {**BUNDLE, "parameters": {"pace_ms": "slow"}}
    assert authoring.explain_unusable_bundle(prompt, bundle) == "pace_ms is a number from 0 to 500"
