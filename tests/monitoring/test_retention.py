"""Removing old calls: which go, which stay, and that no figure changes."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection
from django.db.models import ForeignObjectRel
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from feedback.models import Correction
from monitoring import latency
from monitoring.accuracy import page as accuracy
from monitoring.accuracy.figures import read_versions
from monitoring.accuracy.page import TaskAccuracy
from monitoring.figures import building, retention
from monitoring.figures.reading import Period, read_figures
from monitoring.latency import TaskLatency
from monitoring.models import Alert, Rollup, RollupProgress
from monitoring.opinions.reading import read_opinions
from registry.models import CallRequest, InferenceCall, PromptVersion
from styling.models import Suggestion
from tests.factories import make_call, make_described_garment, make_user, make_version, promote
from tests.monitoring.alerts.rows import make_rule
from tests.monitoring.calls import NOON, SHOWN, end_call, fail_call

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TASK = "suggest_outfit"
LATER = NOON + 200 * DAY


@pytest.fixture
def version() -> PromptVersion:
    return make_version(TASK)


def count_until(now: datetime) -> None:
    """As the jobs of all that time do; but for these days nothing happened."""
    for day in (NOON, NOON + DAY, LATER - 179 * DAY):
        building.build(day, day + DAY)
    building.note_progress(now)
    building.delete_expired(now)


def delete_at(now: datetime) -> int:
    """As the job does once calls have been counted until then."""
    count_until(now)
    return retention.delete_old_calls(now)


def read_rows() -> list[dict[str, object]]:
    return list(Rollup.objects.order_by("pk").values())


def test_old_calls_go_and_no_figure_changes(version: PromptVersion) -> None:
    for minutes in range(9):
        end_call(version, 90 * minutes + 1, at=NOON + minutes * HOUR / 10, steps_ms={"engine": 8})
    fail_call(version, at=NOON, violations=[SHOWN])
    end_call(version, at=NOON, subject="example:1")
    kept = end_call(version, at=LATER - 179 * DAY)
    count_until(LATER)
    before = read_rows(), read_figures(NOON - DAY, LATER, task=TASK)
    late = building.count_late_calls(LATER)
    assert retention.delete_old_calls(LATER) == 11
    assert list(InferenceCall.objects.all()) == [kept]
    assert building.count_late_calls(LATER) == late == 0
    building.build_due(LATER)
    assert (read_rows(), read_figures(NOON - DAY, LATER, task=TASK)) == before


def test_pages_tell_the_same_once_calls_are_gone(version: PromptVersion) -> None:
    promote(version)
    for minutes in range(40):
        end_call(version, 90 * minutes + 1, at=NOON + minutes * HOUR / 10, steps_ms={"engine": 8})
    fail_call(version, at=NOON, violations=[SHOWN])
    count_until(LATER)
    period = Period(NOON - DAY, NOON + DAY)

    def tell() -> tuple[list[TaskAccuracy], list[TaskLatency]]:
        times = latency.describe_tasks(period, LATER)
        versions = read_versions(period, LATER, read_opinions(period, LATER))
        return accuracy.describe_tasks(period, LATER, versions), [
            replace(one, slowest=[]) for one in times
        ]

    before = tell()
    [told] = [one for one in before[0] if one.name == TASK]
    assert [(row.name, row.count) for row in told.errors] == [("no answer in time", 1)]
    assert retention.delete_old_calls(LATER) == 41
    assert tell() == before


def test_the_setting_says_how_long(version: PromptVersion, settings: Settings) -> None:
    settings.CALLS_KEPT_DAYS = 40
    end_call(version, at=NOON)
    assert delete_at(NOON + 40 * DAY) == 0  # The day is not over for as long.
    assert delete_at(NOON + 41 * DAY) == 1


def test_a_call_that_something_refers_to_stays(version: PromptVersion) -> None:
    garment = make_described_garment()
    described = garment.call
    assert described is not None
    InferenceCall.objects.filter(pk=described.pk).update(
        outcome="succeeded", output={}, finished_at=NOON
    )
    end_call(version, at=NOON)
    assert delete_at(LATER) == 1
    assert list(InferenceCall.objects.all()) == [described]


def test_every_table_that_refers_to_calls_keeps_them() -> None:
    """But that of requests, which are removed sooner."""
    query = str(retention.exclude_used(InferenceCall.objects.all()).query)
    tables = {
        relation.related_model._meta.db_table
        for relation in InferenceCall._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel)
    }
    assert {Correction._meta.db_table, Suggestion._meta.db_table} <= tables
    kept = {table for table in tables if f'"{table}"' in query}
    assert tables - kept == {CallRequest._meta.db_table}


def test_the_evidence_of_alerts_stays(version: PromptVersion) -> None:
    named, other = (fail_call(version, at=NOON) for _ in range(2))
    evidence = {"calls": [str(named.pk)]}
    Alert.objects.create(rule=make_rule(), state="firing", seen_at=NOON, figures=evidence)
    assert delete_at(LATER) == 1
    assert not InferenceCall.objects.filter(pk=other.pk).exists()
    assert InferenceCall.objects.filter(pk=named.pk).exists()


def test_what_was_asked_goes_with_its_call(version: PromptVersion) -> None:
    call = end_call(version, at=NOON)
    asked = {"system": "", "user": "", "schema": {}, "picture_sha256s": [], "context": {}}
    CallRequest.objects.create(call=call, owner=make_user(), **asked)
    assert delete_at(LATER) == 1
    assert not CallRequest.objects.exists()


def test_calls_that_were_not_counted_stay_and_are_told(
    version: PromptVersion, caplog: pytest.LogCaptureFixture
) -> None:
    end_call(version, at=NOON)
    count_until(LATER)
    end_call(version, at=NOON)  # As a restore brings one.
    end_call(version, at=NOON + DAY)
    with caplog.at_level(logging.WARNING):
        assert retention.delete_old_calls(LATER) == 0
    assert "Calls of 2026-11-20 stay" in caplog.text
    assert InferenceCall.objects.count() == 3


def test_nothing_goes_before_calls_are_counted(version: PromptVersion) -> None:
    end_call(version, at=NOON)
    assert retention.delete_old_calls(LATER) == 0
    RollupProgress.objects.create(built_until=NOON)
    assert retention.delete_old_calls(LATER) == 0


def test_calls_go_in_small_batches(version: PromptVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        end_call(version, at=NOON)
    count_until(LATER)
    with CaptureQueriesContext(connection) as queries:
        assert retention.delete_old_calls(LATER) == 5
    deleted = [q for q in queries if q["sql"].startswith("DELETE FROM registry_inferencecall")]
    assert len(deleted) == 3


def test_an_open_call_stays(version: PromptVersion) -> None:
    call = make_call(version, started_at=NOON)
    assert delete_at(LATER) == 0
    assert InferenceCall.objects.filter(pk=call.pk).exists()


def test_a_partition_of_which_a_row_is_referred_to_cannot_be_detached() -> None:
    """Why calls are not partitioned: docs/monitoring.md."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE parted (id uuid PRIMARY KEY) PARTITION BY RANGE (id)")
        cursor.execute(
            "CREATE TABLE part PARTITION OF parted FOR VALUES FROM (MINVALUE) TO (MAXVALUE)"
        )
        cursor.execute("CREATE TABLE refers (call uuid REFERENCES parted)")
        cursor.execute("INSERT INTO parted VALUES (gen_random_uuid())")
        cursor.execute("INSERT INTO refers SELECT id FROM parted")
        with pytest.raises(IntegrityError, match="removing partition"):
            cursor.execute("ALTER TABLE parted DETACH PARTITION part")
