"""Web Push: what may be subscribed, what a push service is sent, and what becomes of browsers that are gone."""

import base64
import json
import os
from collections.abc import Iterator
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from py_vapid import Vapid02

from accounts.models import PushSubscription, User
from accounts.push import sending
from accounts.push.keys import public_key
from accounts.push.sending import push
from accounts.push.subscriptions import BadSubscriptionError, add
from dresscode.environment.reading import check_vapid_key, make_vapid_key
from tests.factories import make_user
from tests.fakes_outside import Outside, serve_outside

pytestmark = pytest.mark.django_db


def spell(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Browser:
    """What a browser keeps to itself: it can read what it is sent."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.secret = os.urandom(16)

    @property
    def keys(self) -> dict[str, str]:
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return {"p256dh": spell(point), "auth": spell(self.secret)}

    def read(self, body: bytes) -> Any:
        return json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret))


@pytest.fixture
def service(settings: Any) -> Iterator[Outside]:
    settings.WEARER_NETWORKS = ["127.0.0.0/8"]
    settings.VAPID_PRIVATE_KEY = make_vapid_key()
    with serve_outside() as outside:
        outside.reply = lambda asked: (201, {}, b"")
        yield outside


@pytest.fixture
def alice() -> User:
    return make_user("alice@example.org")


def subscribe(user: User, service: Outside, browser: Browser, path: str = "/one") -> PushSubscription:  # fmt: skip
    return add(user, endpoint=f"{service.url}{path}", **browser.keys)


def test_only_the_browser_can_read_what_it_is_told(alice: User, service: Outside) -> None:
    browser = Browser()
    subscribe(alice, service, browser)
    assert push(alice, {"title": "Today", "body": "Der grüne Mantel"}) == 1
    (asked,) = service.asked
    assert browser.read(asked.body) == {"title": "Today", "body": "Der grüne Mantel"}
    assert b"Mantel" not in asked.body
    assert asked.headers["content-encoding"] == "aes128gcm" and int(asked.headers["ttl"]) == 14400
    with pytest.raises(http_ece.ECEException):
        Browser().read(asked.body)


def test_the_push_service_knows_who_sends(alice: User, service: Outside) -> None:
    subscribe(alice, service, Browser())
    push(alice, {"title": "Today"})
    authorization = service.asked[0].headers["authorization"]
    assert Vapid02.verify(authorization)
    assert authorization.endswith(f"k={public_key()}")
    claims = authorization.split("t=")[1].split(".")[1]
    told = json.loads(base64.urlsafe_b64decode(claims + "=="))
    assert told["aud"] == service.url and told["sub"] == "mailto:no-reply@localhost"


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(alice: User, service: Outside, status: int) -> None:
    subscribe(alice, service, Browser())
    service.reply = lambda asked: (status, {}, b"")
    assert push(alice, {"title": "Today"}) == 0
    assert not PushSubscription.objects.exists()


def test_one_that_fails_stays_until_it_failed_too_often(
    alice: User, service: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = subscribe(alice, service, Browser())
    service.reply = lambda asked: (500, {}, b"")
    push(alice, {"title": "Today"})
    row.refresh_from_db()
    assert row.failures == 1
    service.reply = lambda asked: (201, {}, b"")
    push(alice, {"title": "Today"})
    row.refresh_from_db()
    assert row.failures == 0 and row.sent_at
    monkeypatch.setattr(sending, "MOST_FAILURES", 1)
    service.reply = lambda asked: (500, {}, b"")
    push(alice, {"title": "Today"})
    assert not PushSubscription.objects.exists()


def test_an_address_that_leads_inside_by_now_is_not_asked(
    alice: User, service: Outside, settings: Any
) -> None:
    subscribe(alice, service, Browser())
    settings.WEARER_NETWORKS = []
    assert push(alice, {"title": "Today"}) == 0
    assert service.asked == [] and not PushSubscription.objects.exists()


def test_a_redirect_is_no_delivery(alice: User, service: Outside) -> None:
    subscribe(alice, service, Browser())
    service.reply = lambda asked: (302, {"Location": "/two"}, b"")
    assert push(alice, {"title": "Today"}) == 0 and len(service.asked) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"endpoint": "https://127.0.0.1/push"},
        {"endpoint": "http://93.184.216.34/push"},
        {"endpoint": "https://93.184.216.34/" + "a" * 1000},
        {"p256dh": spell(b"\x04" + b"\x01" * 64)},
        {"p256dh": spell(b"\x04" * 12)},
        {"auth": spell(b"short")},
        {"auth": "no base64!"},
    ],
)
def test_what_could_not_be_sent_to_is_refused(alice: User, changed: dict[str, str]) -> None:
    told = {"endpoint": "https://93.184.216.34/push", **Browser().keys, **changed}
    with pytest.raises(BadSubscriptionError):
        add(alice, **told)
    assert not PushSubscription.objects.exists()


def test_a_browser_belongs_to_whoever_subscribed_in_it_last_and_ten_are_kept(alice: User) -> None:
    charlie = make_user("charlie@example.org")
    keys = Browser().keys
    add(alice, endpoint="https://93.184.216.34/0", **keys)
    for number in range(12):
        add(charlie, endpoint=f"https://93.184.216.34/{number}", **keys)
    assert not PushSubscription.objects.filter(user=alice).exists()
    kept = PushSubscription.objects.values_list("endpoint", flat=True)
    assert len(kept) == 10 and "https://93.184.216.34/1" not in kept


def test_a_browser_is_added_tried_and_removed_on_the_page(
    alice: User, service: Outside, client: Client
) -> None:
    client.force_login(alice)
    assert f'data-push="{public_key()}"' in client.get("/you/notifications/").text
    told = {"endpoint": f"{service.url}/one", **Browser().keys, "name": "Firefox on Linux"}
    assert client.post("/you/notifications/devices/", told).status_code == 201
    bad = client.post("/you/notifications/devices/", {**told, "auth": ""})
    assert bad.status_code == 400
    assert "Sent." in client.post("/you/notifications/try/", follow=True).text
    assert len(service.asked) == 1
    row = PushSubscription.objects.get()
    client.force_login(make_user("charlie@example.org"))
    assert client.post(f"/you/notifications/devices/{row.pk}/remove/").status_code == 404
    client.force_login(alice)
    client.post(f"/you/notifications/devices/{row.pk}/remove/")
    assert not PushSubscription.objects.exists()


def test_a_site_without_a_key_pushes_nothing(alice: User, settings: Any, client: Client) -> None:
    settings.VAPID_PRIVATE_KEY = ""
    client.force_login(alice)
    page = client.get("/you/notifications/").text
    assert "cannot push" in page and "data-push=" not in page


def test_a_key_is_thirty_two_bytes() -> None:
    assert check_vapid_key(make_vapid_key()) and check_vapid_key("") == ""
    for wrong in ("short", "!", spell(b"a" * 31)):
        with pytest.raises(Exception, match="VAPID_PRIVATE_KEY"):
            check_vapid_key(wrong)
