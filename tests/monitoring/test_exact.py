"""Counts of windows that begin and end anywhere, whether their calls are in rollups already or not."""

import random
from datetime import timedelta

import pytest

from monitoring.figures.exact import count_calls, count_figures
from registry.models import InferenceCall, PromptVersion
from tests.factories import make_version
from tests.monitoring.calls import MINUTE, NOON, SHOWN, WITHHELD, build_figures, end_call, fail_call

pytestmark = pytest.mark.django_db

TASK = "suggest_outfit"


@pytest.fixture
def version() -> PromptVersion:
    """Calls of three hours up to noon, of it and of another one, good and bad."""
    version, other = make_version(TASK), make_version(TASK)
    luck = random.Random(13)
    for number in range(90):
        at = NOON - luck.random() * 180 * MINUTE
        which = luck.choice([version, other])
        if number % 5 == 0:
            fail_call(which, at=at, violations=[WITHHELD])
        else:
            latency_ms = luck.choice([900.0, 9_000.0])
            end_call(which, latency_ms, at=at, violations=luck.choice([[], [SHOWN]]))
    return version


@pytest.mark.parametrize("late", [None, timedelta(), 12 * MINUTE, 100 * MINUTE])
def test_a_window_holds_the_calls_that_ended_in_it(
    version: PromptVersion, late: timedelta | None
) -> None:
    if late is not None:
        build_figures(NOON - late)
    luck = random.Random(7)
    for version_id in (version.pk, None):
        for _ in range(25):
            until = NOON - luck.random() * 60 * MINUTE
            since = until - luck.choice([1, 4, 30, 60, 120]) * MINUTE
            told = count_figures(since, until, task=TASK, version_id=version_id)
            assert told == count_calls(since, until, task=TASK, version_id=version_id)
    assert count_figures(NOON - 180 * MINUTE, NOON, task=TASK).calls == 90


def test_what_is_in_rollups_is_not_read_from_the_calls(version: PromptVersion) -> None:
    build_figures(NOON)
    before = count_figures(NOON - 65 * MINUTE, NOON, task=TASK)
    InferenceCall.objects.all().delete()
    assert count_figures(NOON - 65 * MINUTE, NOON, task=TASK) == before
