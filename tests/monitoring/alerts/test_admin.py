"""The pages of alerts: what they say, and who may do what on them."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from monitoring.alerts import delivery
from monitoring.models import Alert, AlertRule
from registry.models import PromptVersion
from tests.factories import make_operator, make_user
from tests.monitoring.alerts.rows import MINUTE, end_calls, look, make_rule

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "admin:monitoring_alert_changelist"


def sign_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def make_staff(*codenames: str) -> User:
    user = make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


def fire(version: PromptVersion, **rule: object) -> Alert:
    make_rule(**rule)
    end_calls(version, good=4, bad=6)
    alert = look(timezone.now())
    assert alert is not None
    return alert


def page_of(alert: Alert) -> str:
    return reverse("admin:monitoring_alert_change", args=[alert.pk])


def act(alert: Alert, name: str) -> str:
    return reverse(f"admin:monitoring_alert_{name}", args=[alert.pk])


def read(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_of_a_quiet_site_is_empty_and_says_so(prompt: object) -> None:
    page = read(sign_in(make_operator()), reverse(LIST))
    assert "Nothing is open." in page and "There is no rule." in page


def test_the_list_names_what_is_open_its_evidence_and_its_cause(two: list[PromptVersion]) -> None:
    alert = fire(two[1])
    page = read(sign_in(make_operator()), reverse(LIST))
    assert "One alert is open: 1 firing." in page
    assert "6 of 10 calls (60\u00a0%), allowed 2\u00a0%" in page
    assert re.search(r"Began \d+ minutes? after v2 went live", page)
    assert page_of(alert) in page
    assert "1 of 1 rules are on" in page


def test_what_closed_is_listed_apart_and_what_only_pended_is_not(two: list[PromptVersion]) -> None:
    alert = fire(two[1], keep_minutes=0)
    later = timezone.now() + 15 * MINUTE
    end_calls(two[1], good=1, at=later)
    look(later)
    AlertRule.objects.update(for_minutes=60)
    end_calls(two[1], bad=5, at=later)
    pending = look(later + MINUTE)
    assert pending is not None and pending.pk != alert.pk
    end_calls(two[1], good=1, at=later + 30 * MINUTE)
    look(later + 30 * MINUTE)
    page = read(sign_in(make_operator()), reverse(LIST))
    assert page_of(alert) in page and page_of(pending) not in page


def test_the_page_says_what_is_wrong_and_shows_its_calls(two: list[PromptVersion]) -> None:
    alert = fire(two[1])
    client = sign_in(make_operator())
    page = read(client, page_of(alert))
    assert "6 of 10 calls failed (greet v2)." in page
    assert "It is over" not in page
    assert "false alarms a year" in page
    for pk in alert.figures["calls"]:
        assert reverse("admin:registry_inferencecall_change", args=[pk]) in page
    assert 'style="' not in page.split('<div class="op">')[1].split("</main>")[0]


def test_its_link_leads_to_all_calls_of_the_series(two: list[PromptVersion]) -> None:
    client = sign_in(make_operator())
    alert = fire(two[1])
    end_calls(two[0], bad=1)
    response = client.get(page_of(alert))
    listed = client.get(response.context["behind"][0])
    assert listed.status_code == 200
    assert listed.context["count"] == 6


def test_the_way_back_is_offered_to_those_who_may(two: list[PromptVersion]) -> None:
    alert = fire(two[1])
    way = f"{reverse('admin:registry_prompt_change', args=[two[1].prompt_id])}?to=1"
    assert way in read(sign_in(make_operator()), page_of(alert))
    viewer = sign_in(make_staff("view_alert"))
    assert way not in read(viewer, page_of(alert))
    opened = read(sign_in(make_operator("two@example.org")), way)
    assert f'value="{two[0].pk}" selected' in opened


def test_words_of_rules_are_escaped(two: list[PromptVersion]) -> None:
    alert = fire(two[1], name="<script>alert(1)</script>")
    client = sign_in(make_operator())
    for url in (reverse(LIST), page_of(alert)):
        assert "<script>alert(1)" not in read(client, url)


def test_acknowledging_says_who_looks_after_it(two: list[PromptVersion]) -> None:
    alert, operator = fire(two[1]), make_operator()
    client = sign_in(operator)
    page = client.post(act(alert, "acknowledge"), follow=True).content.decode()
    alert.refresh_from_db()
    assert alert.acknowledged_by == operator
    assert "You look after it now." in page and "Yes, I look after" not in page
    step = alert.transitions.last()
    assert step is not None
    assert (step.from_state, step.to_state, step.actor) == ("firing", "firing", operator)
    again = sign_in(make_operator("two@example.org")).post(act(alert, "acknowledge"), follow=True)
    assert "Somebody looks after it already." in again.content.decode()
    alert.refresh_from_db()
    assert alert.acknowledged_by == operator


def test_a_viewer_may_look_and_do_nothing(two: list[PromptVersion]) -> None:
    alert = fire(two[1], action="roll_back", action_delay_s=600)
    viewer = sign_in(make_staff("view_alert"))
    page = read(viewer, page_of(alert))
    assert "Acknowledge" not in page and "Silence" not in page and "Stop the action" not in page
    until = {"until": "2030-01-01T00:00", "reason": "no"}
    for name in ("acknowledge", "silence", "end_silence", "stop_action"):
        assert viewer.post(act(alert, name), until).status_code == 403
    alert.refresh_from_db()
    assert (alert.acknowledged_at, alert.silenced_until, alert.action_state) == (
        None,
        None,
        "waiting",
    )


def test_who_may_not_look_sees_nothing(two: list[PromptVersion]) -> None:
    alert = fire(two[1])
    stranger = sign_in(make_staff())
    assert stranger.get(reverse(LIST)).status_code == 403
    assert stranger.get(page_of(alert)).status_code == 403
    assert sign_in(make_user()).get(page_of(alert)).status_code == 302


@pytest.mark.parametrize("name", ["acknowledge", "end_silence", "archive", "stop_action"])
def test_looking_at_the_address_of_a_deed_does_nothing(two: list[PromptVersion], name: str) -> None:
    alert = fire(two[1], action="roll_back", action_delay_s=600)
    assert sign_in(make_operator()).get(act(alert, name)).status_code == 405
    alert.refresh_from_db()
    assert (alert.acknowledged_at, alert.silenced_until, alert.action_state) == (
        None,
        None,
        "waiting",
    )


def test_the_address_of_a_silence_leads_to_its_alert(two: list[PromptVersion]) -> None:
    """Who left something out is told on a page of that address."""
    alert = fire(two[1])
    looked = sign_in(make_operator()).get(act(alert, "silence"))
    assert (looked.status_code, looked.headers["Location"]) == (302, page_of(alert))
    assert sign_in(make_staff("view_alert")).get(act(alert, "silence")).status_code == 403
    alert.refresh_from_db()
    assert alert.silenced_until is None


def test_calls_that_do_not_come_are_not_said_to_be_one_of_one(two: list[PromptVersion]) -> None:
    make_rule(measure="absence", min_bad=1, keep_minutes=0)
    end_calls(two[1], good=1, at=timezone.now() - 20 * MINUTE)
    alert, client = look(timezone.now()), sign_in(make_operator())
    assert alert is not None
    before = read(client, page_of(alert))
    client.post(act(alert, "archive"))
    for page in (before, read(client, page_of(alert))):
        assert "Nobody has asked" in page and "1 of 1" not in page
    assert "Archived. It has no count that could get worse." in page


def test_silence_takes_a_time_to_come_and_a_reason(two: list[PromptVersion]) -> None:
    alert, client = fire(two[1]), sign_in(make_operator())
    past = client.post(act(alert, "silence"), {"until": "2020-01-01T00:00", "reason": ""})
    assert past.status_code == 422
    assert "That has passed already." in past.content.decode()
    assert "Say why" in past.content.decode()
    until = (timezone.now() + timedelta(hours=1)).replace(second=0, microsecond=0)
    sent = {"until": f"{until:%Y-%m-%dT%H:%M}", "reason": "a drill"}
    client.post(act(alert, "silence"), sent)
    alert.refresh_from_db()
    assert alert.silenced_until == until
    page = read(client, page_of(alert))
    assert "silent until" in page and "a drill" in page


def test_nothing_is_silenced_for_good(two: list[PromptVersion]) -> None:
    alert, client = fire(two[1]), sign_in(make_operator())
    for days, status in ((91, 422), (89, 302)):
        until = timezone.now() + timedelta(days=days)
        sent = {"until": f"{until:%Y-%m-%dT%H:%M}", "reason": "a drill"}
        assert client.post(act(alert, "silence"), sent).status_code == status


def test_a_silence_is_ended_before_its_time(two: list[PromptVersion]) -> None:
    alert, client = fire(two[1]), sign_in(make_operator())
    assert "End the silence now" not in read(client, page_of(alert))
    until = timezone.now() + timedelta(days=2)
    client.post(act(alert, "silence"), {"until": f"{until:%Y-%m-%dT%H:%M}", "reason": "a drill"})
    assert "End the silence now" in read(client, page_of(alert))
    page = client.post(act(alert, "end_silence"), follow=True).content.decode()
    assert "It is told of again." in page and "Not silent any more." in page
    assert "silent until" not in page
    page = client.post(act(alert, "end_silence"), follow=True).content.decode()
    assert "It is not silent." in page


def test_a_closed_alert_is_only_read(two: list[PromptVersion]) -> None:
    alert = fire(two[1], keep_minutes=0)
    later = timezone.now() + 15 * MINUTE
    end_calls(two[1], good=1, at=later)
    look(later)
    client = sign_in(make_operator())
    page = read(client, page_of(alert))
    assert "Acknowledge" not in page
    assert "It is over. What was told of it: 6 of 10 calls failed" in page
    page = client.post(act(alert, "acknowledge"), follow=True).content.decode()
    assert "was closed meanwhile" in page


def test_the_action_is_stopped_on_the_page_by_whoever_may_roll_back(
    two: list[PromptVersion],
) -> None:
    alert = fire(two[1], action="roll_back", action_delay_s=600)
    client = sign_in(make_staff("view_alert", "roll_back_prompt"))
    assert "Stop the action" in read(client, page_of(alert))
    page = client.post(act(alert, "stop_action"), follow=True).content.decode()
    assert "the rule does nothing about this alert" in page
    alert.refresh_from_db()
    assert alert.action_state == "stopped"
    again = client.post(act(alert, "stop_action"), follow=True).content.decode()
    assert "Too late" in again


def test_the_page_says_who_was_told(two: list[PromptVersion], settings: object) -> None:
    settings.ALERT_EMAILS = ["ada@example.org"]  # type: ignore[attr-defined]
    alert, client = fire(two[1]), sign_in(make_operator())
    assert "Waits" in read(client, page_of(alert))
    delivery.deliver_due()
    page = read(client, page_of(alert))
    assert "ada@example.org" in page and "Waits" not in page


def test_the_sidebar_leads_to_alerts(prompt: object) -> None:
    page = read(sign_in(make_operator()), reverse("admin:index"))
    assert reverse(LIST) in page
