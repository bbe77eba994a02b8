"""What the scheduler runs for monitoring."""

import logging

import pytest
from django.conf import settings
from django.utils import timezone

from monitoring import jobs
from monitoring.figures import building
from monitoring.figures.reading import is_late, newest_at
from monitoring.models import Rollup, RollupProgress
from tests.factories import make_version
from tests.monitoring.calls import MINUTE, end_call

pytestmark = pytest.mark.django_db


def test_calls_are_counted_each_minute() -> None:
    assert settings.SCHEDULED_JOBS["monitoring.jobs.build_rollups_job"] == 60
    end_call(make_version())
    jobs.build_rollups_job()
    assert Rollup.objects.get(grain="5m").calls == 1
    assert not is_late(timezone.now(), newest_at())


def test_late_calls_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    version = make_version()
    end_call(version)
    jobs.build_rollups_job()
    assert jobs.count_late_calls_job() == 0
    end_call(version, at=timezone.now() - 180 * MINUTE)
    with caplog.at_level(logging.WARNING):
        assert jobs.count_late_calls_job() == 1
    assert "1 calls came after their period had been counted" in caplog.text


def test_an_overtaken_run_does_not_set_progress_back() -> None:
    jobs.build_rollups_job()
    before = RollupProgress.objects.get().built_until
    building.build_due(before - 30 * MINUTE)
    assert RollupProgress.objects.get().built_until == before
