"""The simulated site: real rules see its faults, and a database with wearers is left alone."""

from datetime import timedelta
from io import StringIO
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from monitoring.alerts.shipped import load_rules
from monitoring.models import Alert, Rollup
from monitoring.simulation.clock import run_minutes, write_past
from monitoring.simulation.faults import FAULTS
from monitoring.simulation.site import DOMAIN, Rates, Site, make_wearers
from registry.models import InferenceCall
from tests.factories import make_user
from tests.monitoring.test_probe import probed

__all__ = ["probed"]

pytestmark = pytest.mark.django_db(transaction=True)


def make_site(*faults: str, seed: int = 1, **rates: float) -> Site:
    site = Site(make_wearers(5), np.random.default_rng(seed), Rates(**rates), ("builtin", "vllm"))
    site.faults = set(faults)
    return site


@pytest.mark.parametrize("fault", ["queue-stopped", "vllm-away", "broken-json", "quiet-site"])
def test_a_fault_raises_its_rule_in_time_and_no_other(probed: Any, fault: str) -> None:
    probed.PROBED_ENGINES = ["builtin", "vllm"]
    load_rules()
    start = timezone.now()
    site, minutes = make_site(fault), int(FAULTS[fault].within / timedelta(minutes=1))
    first = next(
        (
            step
            for step in run_minutes(site, start, minutes, reports=False)
            if step.state == "firing"
        ),
        None,
    )
    assert first is not None and first.alert.rule.key in FAULTS[fault].rules
    assert set(Alert.objects.opened().values_list("rule__key", flat=True)) <= FAULTS[fault].rules


def test_a_good_hour_raises_nothing_and_is_counted(probed: Any) -> None:
    probed.PROBED_ENGINES = ["builtin", "vllm"]
    load_rules()
    site = make_site(asks=120.0)
    assert list(run_minutes(site, timezone.now(), 15, reports=False)) == []
    asked = InferenceCall.objects.for_people().filter(task="suggest_outfit").count()
    counted = Rollup.objects.filter(grain="1d").values_list("calls", flat=True)
    assert sum(counted) == asked > 0


def test_the_same_seed_draws_the_same_site(probed: Any) -> None:
    now = timezone.now()
    for _ in range(2):
        write_past(make_site(seed=7, asks=10.0, uploads=2.0), now, days=1)
    days = InferenceCall.objects.values_list("latency_ms", flat=True).order_by("latency_ms")
    times = list(days)
    assert times[::2] == times[1::2]


def test_every_fault_names_shipped_rules() -> None:
    from monitoring.alerts.shipped import RULES

    for fault in FAULTS.values():
        assert fault.rules and fault.rules <= RULES.keys()


def test_a_database_with_wearers_is_refused(probed: Any) -> None:
    make_user("alice@example.org")
    with pytest.raises(CommandError, match="whom no simulation made"):
        call_command("simulate", hours=1, past_days=0)
    assert not User.objects.filter(email__endswith=DOMAIN).exists()
    assert not InferenceCall.objects.exists()


def test_without_a_live_version_it_says_so(db: None) -> None:
    with pytest.raises(CommandError, match="No version is live"):
        call_command("simulate", hours=1, past_days=0)


@pytest.mark.slow
def test_it_says_hour_by_hour_what_happened(probed: Any) -> None:
    probed.PROBED_ENGINES = ["builtin"]
    out = StringIO()
    options = {"hours": 1, "past_days": 0, "fault": ["queue-stopped"], "after": 0, "asks": 6.0}
    call_command("simulate", stdout=out, wearers=3, **options)
    told = out.getvalue()
    assert "fault: no worker takes photos" in told
    assert "the built-in engine, for real: answered" in told
    assert "firing:" in told and "photos have waited for more than 10 minutes." in told
