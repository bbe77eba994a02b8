"""Sending a notification to the browsers of a wearer. What it says is encrypted for the browser: the push service and
the log learn nothing of it."""

import asyncio
import json
import logging
import time
from collections.abc import Mapping
from datetime import timedelta
from email.utils import parseaddr

import httpx
from django.conf import settings
from django.utils import timezone
from pywebpush import WebPusher

from accounts.models import PushSubscription, User
from accounts.outside.addresses import (
    Destination,
    ForbiddenAddressError,
    UnknownHostError,
    check_url,
)
from accounts.outside.asking import post
from accounts.push.keys import find_key

logger = logging.getLogger(__name__)

TIMEOUT_S = 10.0
KEPT = timedelta(hours=4)
"""For so long a push service keeps what a browser that is off did not take: a morning's outfit is no news at night."""
SIGNED_FOR_S = 12 * 60 * 60
"""RFC 8292 allows a day at most."""
GONE = frozenset({404, 410})
MOST_FAILURES = 20
MOST_BYTES = 3000
"""Of what is said: push services take 4096 encrypted (RFC 8030), and encryption takes some."""


def push(user: User, message: Mapping[str, object]) -> int:
    """To every browser of the wearer's; answers with how many push services took it."""
    return sum(push_to(one, message) for one in PushSubscription.objects.filter(user=user))


def push_to(subscription: PushSubscription, message: Mapping[str, object]) -> bool:
    """Browsers that are gone are deleted, those that failed too often in a row, too."""
    try:
        status = send(subscription, json.dumps(message, ensure_ascii=False).encode())
    except ForbiddenAddressError:
        status = 410
    except (UnknownHostError, httpx.HTTPError, TimeoutError, OSError, ValueError) as error:
        logger.warning("Push %s did not go: %s", subscription.pk, type(error).__name__)
        status = 0
    if 200 <= status < 300:
        PushSubscription.objects.filter(pk=subscription.pk).update(
            sent_at=timezone.now(), failures=0
        )
        return True
    if status in GONE or subscription.failures + 1 >= MOST_FAILURES:
        subscription.delete()
    else:
        PushSubscription.objects.filter(pk=subscription.pk).update(
            failures=subscription.failures + 1
        )
    return False


def send(subscription: PushSubscription, said: bytes) -> int:
    """The status of the push service's answer. Raises what `check_url` and `post` raise, and ValueError for a site
    without a key, and for more than may be said."""
    key = find_key()
    if key is None or len(said) > MOST_BYTES:
        raise ValueError("no key, or too much to say")
    destination = check_url(subscription.endpoint, networks=settings.WEARER_NETWORKS)
    keys = {"p256dh": subscription.p256dh, "auth": subscription.auth}
    pusher = WebPusher({"endpoint": subscription.endpoint, "keys": keys})
    body: bytes = pusher.encode(said, content_encoding="aes128gcm")["body"]
    headers = {
        **key.sign(make_claims(destination)),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(KEPT.total_seconds())),
        "Urgency": "normal",
    }
    return asyncio.run(post(destination, headers, body, timeout_s=TIMEOUT_S))


def make_claims(destination: Destination) -> dict[str, str | int]:
    return {
        "aud": f"{destination.scheme}://{destination.host_header}",
        "exp": int(time.time()) + SIGNED_FOR_S,
        "sub": f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}",
    }
