"""What a rule does when it fires: on its own version alone, with evidence, and not against a person's word."""

from datetime import timedelta

import pytest
from django.utils import timezone

from monitoring.alerts import actions
from monitoring.models import Alert, AlertRule, Notification
from registry.canary.service import start_canary
from registry.models import Canary, Deployment, InferenceCall, Prompt, PromptVersion
from registry.services import releases
from tests.factories import make_operator
from tests.monitoring.alerts.rows import MINUTE, end_calls, look, make_rule

pytestmark = pytest.mark.django_db(transaction=True)


def live_number(prompt: Prompt) -> int:
    alias = prompt.production()
    assert alias is not None
    return alias.version.number


def fire(version: PromptVersion, **rule: object) -> Alert:
    make_rule(**{"action": "roll_back", **rule})
    end_calls(version, good=4, bad=6)
    alert = look(timezone.now())
    assert alert is not None
    return alert


def test_it_rolls_back_with_its_evidence(two: list[PromptVersion]) -> None:
    alert = fire(two[1])
    move = Deployment.objects.latest("epoch")
    assert live_number(two[1].prompt) == 1
    assert (alert.action_state, alert.action_deployment) == ("done", move)
    assert (move.kind, move.actor) == ("rollback", None)
    assert f"A-{alert.pk}" in move.reason and "Failed calls" in move.reason
    assert "6 of 10 calls (60\u00a0%), allowed 2\u00a0%" in move.reason
    named = [call for call in InferenceCall.objects.all() if str(call.pk) in move.reason]
    assert len(named) == 5 and {call.outcome for call in named} == {"failed"}
    assert alert.transitions.last().note == "Rolled back to v1."  # type: ignore[union-attr]


def test_the_step_and_the_move_are_one_transaction(
    two: list[PromptVersion], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fails after the roll-back takes the roll-back with it."""
    monkeypatch.setattr(actions, "settle", lambda *_: 1 / 0)
    make_rule(action="roll_back")
    end_calls(two[1], bad=6)
    assert look(timezone.now()) is None
    assert live_number(two[1].prompt) == 2
    assert not Notification.objects.exists()


def test_by_default_it_does_nothing(two: list[PromptVersion]) -> None:
    alert = fire(two[1], action="none")
    assert (alert.action_state, live_number(two[1].prompt)) == ("none", 2)


def test_a_healthy_version_is_never_rolled_back(two: list[PromptVersion]) -> None:
    """The bad one was replaced while its alert waited: what is live now is left alone."""
    alert = fire(two[1], action_delay_s=50)
    releases.roll_back(
        prompt=two[1].prompt, to_version=two[0], actor=None, reason="by hand", expected_epoch=2
    )
    [acted] = actions.carry_out_due(timezone.now() + timedelta(seconds=51))
    assert (acted.pk, acted.action_state) == (alert.pk, "refused")
    assert acted.action_note == "Nothing was changed: v2 is not live."
    assert live_number(two[1].prompt) == 1
    assert Deployment.objects.count() == 3


def test_good_calls_roll_nothing_back(two: list[PromptVersion]) -> None:
    make_rule(action="roll_back")
    now = timezone.now()
    for minute in range(30):
        end_calls(two[1], good=5, bad=int(minute % 10 == 0), at=now + minute * MINUTE)
        look(now + minute * MINUTE)
    assert live_number(two[1].prompt) == 2


def test_nothing_to_go_back_to_is_said_on_the_alert(two: list[PromptVersion]) -> None:
    prompt = two[0].prompt
    releases.roll_back(
        prompt=prompt, to_version=two[0], actor=None, reason="by hand", expected_epoch=2
    )
    alert = fire(two[0])
    assert alert.action_state == "refused"
    assert "no earlier version had passed" in alert.action_note
    assert (alert.state, live_number(prompt)) == ("firing", 1)
    assert alert.transitions.filter(note=alert.action_note).exists()


def test_a_delayed_action_waits_and_then_acts(two: list[PromptVersion]) -> None:
    alert = fire(two[1], action_delay_s=50)
    opened = alert.opened_at
    assert opened is not None and alert.action_state == "waiting"
    assert actions.carry_out_due(opened + timedelta(seconds=49)) == []
    assert live_number(two[1].prompt) == 2
    assert len(actions.carry_out_due(opened + timedelta(seconds=50))) == 1
    assert live_number(two[1].prompt) == 1
    assert actions.carry_out_due(opened + timedelta(seconds=60)) == []


def test_a_person_stops_it_within_the_delay(two: list[PromptVersion]) -> None:
    alert, person = fire(two[1], action_delay_s=50), make_operator()
    assert actions.stop(alert=alert, actor=person)
    assert actions.carry_out_due(timezone.now() + timedelta(minutes=5)) == []
    alert.refresh_from_db()
    assert (alert.action_state, live_number(two[1].prompt)) == ("stopped", 2)
    assert alert.transitions.last().actor == person  # type: ignore[union-attr]


def test_what_was_done_cannot_be_stopped(two: list[PromptVersion]) -> None:
    assert not actions.stop(alert=fire(two[1]), actor=make_operator())


def test_an_alert_that_recovered_within_the_delay_does_nothing(two: list[PromptVersion]) -> None:
    alert = fire(two[1], action_delay_s=3600)
    later = timezone.now() + 15 * MINUTE
    end_calls(two[1], good=1, at=later)
    assert look(later)
    actions.carry_out_due(timezone.now() + timedelta(hours=2))
    alert.refresh_from_db()
    assert (alert.state, alert.action_state) == ("recovering", "dropped")
    assert live_number(two[1].prompt) == 2


@pytest.mark.parametrize("change", [{"action": "none"}, {"is_enabled": False}])
def test_a_rule_that_was_changed_within_the_delay_does_nothing(
    two: list[PromptVersion], change: dict[str, object]
) -> None:
    alert = fire(two[1], action_delay_s=50)
    AlertRule.objects.update(**change)
    actions.carry_out_due(timezone.now() + timedelta(minutes=1))
    alert.refresh_from_db()
    assert (alert.action_state, live_number(two[1].prompt)) == ("dropped", 2)


def test_it_stops_the_canary_and_leaves_production_alone(two: list[PromptVersion]) -> None:
    start_canary(version=two[0], share=0.1, actor=None, reason="again")
    alert = fire(two[0], action="stop_canary")
    canary = Canary.objects.get()
    assert (alert.action_state, canary.state) == ("done", "stopped")
    assert f"A-{alert.pk}" in canary.ending
    assert live_number(two[0].prompt) == 2


def test_a_live_version_is_no_canary(two: list[PromptVersion]) -> None:
    alert = fire(two[1], action="stop_canary")
    assert (alert.action_state, alert.action_note) == (
        "refused",
        "Nothing was changed: v2 is not on trial.",
    )
