"""Archive until worse: who is told, what the headline says, and when it counts again."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils import timezone

from monitoring.alerts import handling
from monitoring.alerts.archiving import is_worse
from monitoring.alerts.counting import Observation
from monitoring.headline import reports
from monitoring.headline.levels import Level
from monitoring.models import Alert, Notification
from registry import roles
from registry.models import PromptVersion
from tests.factories import make_operator, make_user
from tests.monitoring.alerts.rows import MINUTE, end_calls, look, make_rule
from tests.monitoring.alerts.test_admin import act, page_of, read, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def told(settings: object) -> None:
    settings.ALERT_EMAILS = ["ops@example.org"]  # type: ignore[attr-defined]


def fire(version: PromptVersion, **rule: object) -> Alert:
    make_rule(**rule)
    now = timezone.now()
    end_calls(version, good=50, bad=10, at=now)
    alert = look(now)
    assert alert is not None
    return alert


def judge() -> Level:
    """What the alerts say for the headline."""
    return reports.judge_alerts(reports.list_open()).level


def test_nobody_is_told_until_it_is_worse_and_then_everybody(two: list[PromptVersion]) -> None:
    alert, operator = fire(two[1]), make_operator()
    assert judge() is Level.BAD
    assert handling.archive(alert=alert, actor=operator)
    assert judge() is Level.WATCH
    end_calls(two[1], good=50, bad=10)
    later = look(timezone.now())
    assert later is not None and later.archived_at
    end_calls(two[1], bad=120)
    later = look(timezone.now())
    assert later is not None and later.archived_at is None
    assert judge() is Level.BAD
    kinds = Notification.objects.values_list("kind", flat=True)
    assert list(kinds) == ["opened", "worse"]
    notes = [step.note for step in alert.transitions.all() if step.note]
    assert notes == [
        "Archived until it is worse than 10 of 60.",
        "Worse than when it was archived: 140 of 240, then 10 of 60.",
    ]


def test_as_much_as_before_is_not_worse_and_the_rule_is_exact(two: list[PromptVersion]) -> None:
    alert = fire(two[1])
    alert.archived_figures = {"bad": 5, "total": 50}
    # Conditional tails at a half: 21 of 26 are 0.0012, 23 of 28 are 0.0005.
    assert not is_worse(alert, Observation(5, 50))
    assert not is_worse(alert, Observation(21, 50))
    assert is_worse(alert, Observation(23, 50))


def test_it_closes_without_a_word_and_comes_back_archived(two: list[PromptVersion]) -> None:
    alert = fire(two[1], keep_minutes=0)
    handling.archive(alert=alert, actor=make_operator())
    later = timezone.now() + 15 * MINUTE
    end_calls(two[1], good=1, at=later)
    look(later)
    end_calls(two[1], good=20, bad=5, at=later + 15 * MINUTE)
    again = look(later + 15 * MINUTE)
    assert again is not None and again.pk != alert.pk
    assert again.archived_at and again.archived_figures["bad"] == 10
    assert list(Notification.objects.values_list("kind", flat=True)) == ["opened"]


def test_it_is_taken_out_of_the_archive_again(two: list[PromptVersion]) -> None:
    alert, client = fire(two[1]), sign_in(make_operator())
    page = client.post(act(alert, "archive"), follow=True).content.decode()
    assert "Nobody is told of it until it is worse." in page and "archived until worse" in page
    page = client.post(act(alert, "restore"), follow=True).content.decode()
    assert "It counts again as it did before." in page and "Archive until worse" in page
    assert [step.note for step in alert.transitions.all()][-2:] == [
        "Archived until it is worse than 10 of 60.",
        "Not archived any more.",
    ]


def test_who_may_only_look_archives_nothing(two: list[PromptVersion]) -> None:
    alert = fire(two[1])
    viewer = make_user(is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename="view_alert"))
    client = sign_in(viewer)
    assert "Archive" not in read(client, page_of(alert))
    for deed in ("archive", "restore"):
        assert client.post(act(alert, deed)).status_code == 403


def test_the_groups_about_versions_see_alerts_and_releasers_handle_them(
    two: list[PromptVersion],
) -> None:
    alert = fire(two[1])
    roles.make_roles()
    for number, name in enumerate(roles.ROLES):
        member = make_user(f"m{number}@example.org", is_staff=True)
        member.groups.add(Group.objects.get(name=name))
        client = sign_in(member)
        sees = client.get(reverse("admin:monitoring_alert_changelist")).status_code == 200
        assert sees == (name != roles.REVIEWER)
        handles = client.post(act(alert, "acknowledge")).status_code == 302
        assert handles == (name == roles.RELEASER)
