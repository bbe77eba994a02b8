"""Reports of drift open and close alerts, one for each property."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from monitoring.alerts.sentences import say_alert
from monitoring.drift.findings import GOLDEN, PREVIOUS, Finding
from monitoring.drift.statistics import NewCategory
from monitoring.models import Alert, DriftReport
from tests.factories import make_operator
from tests.monitoring.alerts.rows import MINUTE, look, make_rule

pytestmark = pytest.mark.django_db(transaction=True)


def report(at: datetime, *findings: Finding) -> None:
    stored = [finding.to_json() for finding in findings]
    DriftReport.objects.create(created_at=at, findings=stored)


def found(
    name: str, p: float = 0.5, reference: str = PREVIOUS, new: tuple[NewCategory, ...] = ()
) -> Finding:
    return Finding(name, reference, 50, 200, 300, p=p, distance=0.3, adjusted_p=p, new=new)


def test_what_drifted_opens_an_alert_of_its_property_and_the_next_report_closes_it() -> None:
    make_rule(measure="drift", keep_minutes=0)
    now = timezone.now()
    report(now, found("format", 0.001), found("type"), found("garments", 0.001, GOLDEN))
    alert = look(now)
    assert alert is not None and Alert.objects.count() == 1
    assert (alert.aspect, alert.task, alert.state) == ("format", "", "firing")
    assert say_alert(alert) == "Format is not as in the 28 days before."
    report(now + 60 * MINUTE, found("format"))
    alert = look(now + 60 * MINUTE)
    assert alert is not None and alert.state == "ok"


@pytest.mark.parametrize(
    ("measure", "aspect", "page"),
    [
        ("drift", "format", "/admin/monitoring/drift/"),
        ("new_value", "format", "/admin/monitoring/drift/"),
        ("queue", "", "/admin/wardrobe/photo/"),
        ("probe", "vllm", "/admin/registry/inferencecall/"),
        ("absence", "", "/admin/registry/inferencecall/"),
    ],
)
def test_no_alert_is_a_dead_end(client: Client, measure: str, aspect: str, page: str) -> None:
    client.force_login(make_operator())
    now = timezone.now()
    alert = Alert.objects.create(
        rule=make_rule(measure=measure), aspect=aspect, state="firing", seen_at=now, opened_at=now
    )
    address = reverse("admin:monitoring_alert_change", args=[alert.pk])
    behind, words = client.get(address).context["behind"]
    assert behind.startswith(page) and words
    assert client.get(behind).status_code == 200


def test_two_properties_are_two_alerts() -> None:
    make_rule(measure="drift")
    now = timezone.now()
    report(now, found("format", 0.001), found("type", 0.001))
    look(now)
    assert sorted(Alert.objects.values_list("aspect", flat=True)) == ["format", "type"]


def test_a_new_value_is_no_drift_and_fires_its_own_rule() -> None:
    make_rule(measure="drift", name="Drift")
    make_rule(measure="new_value", min_bad=1)
    now = timezone.now()
    report(now, found("format", new=(NewCategory("jpeg-xl", 3, 2),)))
    alert = look(now)
    assert alert is not None and Alert.objects.count() == 1
    assert alert.rule.measure == "new_value"
    assert say_alert(alert) == "Format has a value that was never seen before."


def test_a_report_that_is_late_is_no_data() -> None:
    make_rule(measure="drift")
    now = timezone.now()
    report(now, found("format", 0.001))
    look(now)
    later = now + timedelta(hours=4)
    alert = look(later)
    assert alert is not None
    assert (alert.state, alert.no_data_since) == ("firing", later)
