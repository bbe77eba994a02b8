"""Opened and closed, told once each, by mail and by webhook, whatever dies in between."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from threading import Barrier
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from monitoring.alerts import delivery, handling
from monitoring.models import Alert, Notification, WebhookEndpoint
from registry.models import PromptVersion
from tests.conftest import ROOT
from tests.factories import make_operator
from tests.monitoring.alerts.receiver import Receiver, receive
from tests.monitoring.alerts.rows import MINUTE, end_calls, look, make_rule

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.ALERT_WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    with receive() as server:
        yield server


@pytest.fixture
def endpoint(receiver: Receiver, settings: Settings) -> WebhookEndpoint:
    settings.ALERT_EMAILS = ["ada@example.org"]
    return WebhookEndpoint.objects.create(url=receiver.url, secret=delivery.make_secret())


def open_alert(version: PromptVersion, **rule: object) -> Alert:
    make_rule(keep_minutes=0, **rule)
    end_calls(version, bad=5)
    alert = look(timezone.now())
    assert alert is not None and alert.opened_at
    return alert


def close_alert(version: PromptVersion) -> Alert:
    at = timezone.now() + 15 * MINUTE
    end_calls(version, good=1, at=at)
    alert = look(at)
    assert alert is not None and alert.closed_at
    return alert


def make_due() -> None:
    Notification.objects.filter(next_try_at__isnull=False).update(next_try_at=timezone.now())


def test_opened_and_closed_are_told_once_each(
    two: list[PromptVersion], endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    alert = open_alert(two[1])
    assert delivery.deliver_due() == 2
    look(timezone.now() + MINUTE)
    assert delivery.deliver_due() == 0
    close_alert(two[1])
    make_due()
    assert delivery.deliver_due() == 2
    assert delivery.deliver_due() == 0
    assert [message.subject for message in mail.outbox] == [
        f"Opened: Failed calls (A-{alert.pk})",
        f"Closed: Failed calls (A-{alert.pk})",
    ]
    assert mail.outbox[0].to == ["ada@example.org"]
    assert "5 of 5 calls failed (greet v2)." in mail.outbox[0].body
    told = [json.loads(body) for _, _, body in receiver.got]
    assert [event["type"] for event in told] == ["alert.opened", "alert.closed"]
    assert told[0]["data"]["version"] == 2
    assert receiver.got[0][0] == "/hook?team=1"


def test_a_name_with_a_line_break_makes_no_second_header(
    two: list[PromptVersion], endpoint: WebhookEndpoint
) -> None:
    open_alert(two[1], name="Failed\r\nBcc: eve@example.org")
    assert delivery.deliver_due() == 2
    assert mail.outbox[0].subject.startswith("Opened: Failed Bcc: eve@example.org")
    assert mail.outbox[0].recipients() == ["ada@example.org"]


def test_an_answer_of_500_is_tried_again_later(
    two: list[PromptVersion], endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    receiver.statuses = [500]
    open_alert(two[1])
    delivery.deliver_due()
    hook = Notification.objects.get(channel="webhook")
    assert (hook.sent_at, hook.last_error) == (None, "it answered 500")
    assert hook.next_try_at is not None and hook.next_try_at > timezone.now()
    assert delivery.deliver_due() == 0
    make_due()
    assert delivery.deliver_due() == 1
    ids = {headers["webhook-id"] for _, headers, _ in receiver.got}
    assert (len(receiver.got), len(ids)) == (2, 1)


def test_pauses_grow_to_an_hour_and_end_after_ten_attempts(
    two: list[PromptVersion], endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    pauses = [delivery.pause_after(attempt) for attempt in range(1, delivery.MAX_ATTEMPTS)]
    assert pauses[0] == timedelta(seconds=15) and pauses[-1] == timedelta(hours=1)
    assert timedelta(hours=2) < sum(pauses, timedelta()) < timedelta(hours=4)
    receiver.statuses = [503] * 20
    open_alert(two[1])
    for _ in range(20):
        make_due()
        delivery.deliver_due()
    hook = Notification.objects.get(channel="webhook")
    assert (len(receiver.got), hook.next_try_at, hook.sent_at) == (10, None, None)


def test_a_mail_server_that_is_away_gets_it_later(
    two: list[PromptVersion], endpoint: WebhookEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(message: EmailMessage) -> int:
        raise SMTPServerDisconnected("gone")

    open_alert(two[1])
    with monkeypatch.context() as patched:
        patched.setattr(EmailMessage, "send", refuse)
        assert delivery.deliver_due() == 1  # The webhook alone.
    make_due()
    assert delivery.deliver_due() == 1
    assert len(mail.outbox) == 1


def test_who_dies_before_sending_leaves_it_to_the_next(
    two: list[PromptVersion], endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    open_alert(two[1])
    claimed = [delivery.claim_next(), delivery.claim_next()]
    assert None not in claimed
    assert delivery.deliver_due() == 0
    make_due()  # The claim of a minute is over.
    assert delivery.deliver_due() == 2
    assert (len(mail.outbox), len(receiver.got)) == (1, 1)


def test_who_dies_after_sending_makes_one_duplicate_with_the_same_id(
    two: list[PromptVersion],
    endpoint: WebhookEndpoint,
    receiver: Receiver,
    settings: Settings,
) -> None:
    settings.ALERT_EMAILS = []
    open_alert(two[1])
    claimed = delivery.claim_next()
    assert claimed is not None
    delivery.send_webhook(claimed)  # And here it dies.
    make_due()
    assert delivery.deliver_due() == 1
    assert delivery.deliver_due() == 0
    assert len(receiver.got) == 2
    assert len({headers["webhook-id"] for _, headers, _ in receiver.got}) == 1


def test_two_processes_never_send_the_same(
    two: list[PromptVersion], endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    open_alert(two[1])
    together = Barrier(3)

    def run(_: int) -> int:
        together.wait()
        try:
            return delivery.deliver_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(run, range(3))) == 2
    assert (len(mail.outbox), len(receiver.got)) == (1, 1)


def test_a_redirect_is_not_followed(
    two: list[PromptVersion], endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    receiver.statuses, receiver.location = [307], f"{receiver.url}&again=1"
    open_alert(two[1])
    delivery.deliver_due()
    assert len(receiver.got) == 1
    assert Notification.objects.get(channel="webhook").last_error == "it answered 307"


def test_a_private_address_is_refused_for_good(
    two: list[PromptVersion], endpoint: WebhookEndpoint, receiver: Receiver, settings: Settings
) -> None:
    settings.ALERT_WEBHOOK_NETWORKS = []
    open_alert(two[1])
    delivery.deliver_due()
    hook = Notification.objects.get(channel="webhook")
    assert (receiver.got, hook.next_try_at) == ([], None)
    assert "127.0.0.1, which is not public" in hook.last_error


def test_the_connection_goes_to_the_address_that_was_checked(
    two: list[PromptVersion],
    endpoint: WebhookEndpoint,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The name is asked once; connecting by name would fail, for no server knows it."""
    address = urlsplit(receiver.url).hostname
    name = f"http://hooks.invalid:{receiver.server_port}/"
    WebhookEndpoint.objects.update(url=name)
    asked = []

    def resolve(host: str, port: int) -> list[object]:
        asked.append(host)
        return [delivery.check_url.__globals__["ip_address"](address)]

    monkeypatch.setattr("accounts.outside.addresses.resolve", resolve)
    open_alert(two[1])
    assert delivery.deliver_due() == 2
    assert asked == ["hooks.invalid"]
    assert receiver.got[0][1]["host"] == f"hooks.invalid:{receiver.server_port}"


def test_a_silenced_alert_tells_nobody(two: list[PromptVersion], endpoint: WebhookEndpoint) -> None:
    """Neither that it closes, nor when its series opens again meanwhile."""
    alert = open_alert(two[1])
    until = timezone.now() + timedelta(hours=5)
    handling.silence(alert=alert, until=until, reason="known", actor=make_operator())
    close_alert(two[1])
    later = timezone.now() + 60 * MINUTE
    end_calls(two[1], bad=5, at=later)
    again = look(later)
    assert again is not None and (again.state, again.silenced_until) == ("firing", until)
    assert set(Notification.objects.values_list("alert", "kind")) == {(alert.pk, "opened")}


def test_what_still_fires_as_its_silence_ends_is_told_once(
    two: list[PromptVersion], endpoint: WebhookEndpoint
) -> None:
    first = open_alert(two[1])
    until = timezone.now() + 70 * MINUTE
    handling.silence(alert=first, until=until, reason="known", actor=make_operator())
    close_alert(two[1])
    for minutes in (60, 71, 72):
        later = timezone.now() + minutes * MINUTE
        end_calls(two[1], bad=5, at=later)
        again = look(later)
        assert again is not None and again.pk != first.pk and again.state == "firing"
        told = again.notifications.filter(kind="opened").count()
        assert told == (0 if minutes == 60 else 2), "by mail and by webhook"


def test_what_still_fires_as_somebody_ends_its_silence_is_told(
    two: list[PromptVersion], endpoint: WebhookEndpoint
) -> None:
    first, operator = open_alert(two[1]), make_operator()
    until = timezone.now() + timedelta(days=30)
    handling.silence(alert=first, until=until, reason="known", actor=operator)
    close_alert(two[1])
    for minutes, told in ((60, 0), (62, 2)):
        later = timezone.now() + minutes * MINUTE
        end_calls(two[1], bad=5, at=later)
        again = look(later)
        assert again is not None and again.notifications.filter(kind="opened").count() == told
        handling.end_silence(alert=again, actor=operator)


def test_what_is_told_holds_nothing_that_a_wearer_wrote(
    two: list[PromptVersion], endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    make_rule()
    for call in end_calls(two[1], bad=5):
        type(call).objects.filter(pk=call.pk).update(error="Charlie's camel scarf")
    look(timezone.now())
    assert delivery.deliver_due() == 2
    assert b"scarf" not in receiver.got[0][2]
    assert "scarf" not in mail.outbox[0].body


def read_recipe() -> str:
    """The Python of docs/alerts.md that verifies a webhook."""
    page = (ROOT / "docs" / "alerts.md").read_text()
    lines = page.split("<!-- recipe -->")[1].strip("\n").splitlines()
    return "\n".join(line.removeprefix("    ") for line in lines)


def test_the_recipe_of_the_documentation_verifies_what_is_sent(
    two: list[PromptVersion], endpoint: WebhookEndpoint, receiver: Receiver
) -> None:
    names: dict[str, object] = {}
    exec(read_recipe(), names)  # noqa: S102 our own documentation
    verify = names["verify"]
    assert callable(verify)
    open_alert(two[1])
    delivery.deliver_due()
    _, headers, body = receiver.got[0]
    assert verify(endpoint.secret, headers, body) is True
    assert verify(endpoint.secret, headers, body + b" ") is False
    assert verify(delivery.make_secret(), headers, body) is False
    late = {**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) - 3600)}
    assert verify(endpoint.secret, late, body) is False
