"""Sends what waits in the outbox.

A message is claimed first, for a minute, and sent outside the transaction: two processes never send the same one. A process
that dies before it has sent leaves it to the next after that minute. One that dies between sending and writing so
sends it twice: at most one duplicate for each such death, and both have the same id.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import secrets
from datetime import datetime, timedelta

import httpx
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from accounts.outside.addresses import ForbiddenAddressError, UnknownHostError, check_url
from accounts.outside.asking import post
from monitoring.models import Notification, WebhookEndpoint

logger = logging.getLogger(__name__)

CLAIM = timedelta(minutes=1)
MAX_ATTEMPTS = 10
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(hours=1)
"""Doubled after each failure: the tenth attempt is about four hours after the first."""
TIMEOUT_S = 15.0
"""For the whole of one webhook, from connecting to the status."""
SECRET_PREFIX = "whsec_"  # noqa: S105 - of every secret


class DeliveryError(Exception):
    """It did not arrive; `is_final` where another attempt would not help."""

    def __init__(self, message: str, *, is_final: bool = False) -> None:
        super().__init__(message)
        self.is_final = is_final


def deliver_due(limit: int = 50) -> int:
    """Send up to `limit` messages that are due; returns how many arrived."""
    sent = 0
    for _ in range(limit):
        message = claim_next()
        if message is None:
            break
        sent += deliver(message)
    return sent


@transaction.atomic
def claim_next() -> Notification | None:
    """Take one that is due and that nobody else is taking; it is due again when the claim is over."""
    now = timezone.now()
    due = Notification.objects.due(now).select_for_update(skip_locked=True, of=("self",))
    message = due.select_related("alert__rule", "alert__version").first()
    if message is None:
        return None
    message.attempts += 1
    message.next_try_at = now + CLAIM
    message.save(update_fields=["attempts", "next_try_at"])
    return message


def deliver(message: Notification) -> bool:
    """Send a claimed message and write down what came of it."""
    try:
        if message.channel == Notification.Channel.EMAIL:
            send_mail(message)
        else:
            send_webhook(message)
    except DeliveryError as error:
        put_off(message, error)
        return False
    message.sent_at, message.next_try_at, message.last_error = timezone.now(), None, ""
    message.save(update_fields=["sent_at", "next_try_at", "last_error"])
    return True


def put_off(message: Notification, error: DeliveryError) -> None:
    gives_up = error.is_final or message.attempts >= MAX_ATTEMPTS
    message.next_try_at = None if gives_up else timezone.now() + pause_after(message.attempts)
    message.last_error = str(error)[:300]
    message.save(update_fields=["next_try_at", "last_error"])
    then = "It is given up." if gives_up else "It is tried again."
    logger.warning("Message %s of %s did not arrive. %s", message.pk, message.alert, then)


def pause_after(attempts: int) -> timedelta:
    return min(FIRST_PAUSE * float(2 ** (attempts - 1)), LONGEST_PAUSE)


def send_mail(message: Notification) -> None:
    """Raises DeliveryError."""
    data = message.body["data"]
    word = "Opened" if message.kind == Notification.Kind.OPENED else "Closed"
    lines = [data["sentence"], data["began"] and f"{data['began']}.", data["url"]]
    rule = " ".join(data["rule"].split())  # No second header.
    mail = EmailMessage(
        subject=f"{word}: {rule} ({message.alert})",
        body="\n\n".join(line for line in lines if line),
        to=[message.target],
        headers={"Message-ID": f"<{name_message(message)}@{settings.SITE.hostname}>"},
    )
    try:
        mail.send()
    except OSError as error:  # SMTPException is one.
        raise DeliveryError(f"the mail server refused it: {type(error).__name__}") from error


def send_webhook(message: Notification) -> None:
    """Raises DeliveryError."""
    endpoint = WebhookEndpoint.objects.filter(url=message.target, is_enabled=True).first()
    if endpoint is None:
        raise DeliveryError("the endpoint was removed or switched off", is_final=True)
    body = json.dumps(message.body, separators=(",", ":")).encode()
    headers = sign(endpoint.secret, name_message(message), timezone.now(), body)
    try:
        destination = check_url(endpoint.url, networks=settings.ALERT_WEBHOOK_NETWORKS)
        headers |= {"Content-Type": "application/json"}
        status = asyncio.run(post(destination, headers, body, timeout_s=TIMEOUT_S))
    except ForbiddenAddressError as error:
        raise DeliveryError(str(error), is_final=True) from error
    except (UnknownHostError, httpx.HTTPError, TimeoutError, OSError) as error:
        raise DeliveryError(f"{type(error).__name__}: {error}") from error
    if not 200 <= status < 300:
        raise DeliveryError(f"it answered {status}")


def name_message(message: Notification) -> str:
    """The same for every attempt, so that a receiver can leave out what it has."""
    return f"alert_{message.alert_id}_{message.kind}_{message.pk}"


def make_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def sign(secret: str, id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Headers as the Standard Webhooks specification has them (standardwebhooks.com): HMAC-SHA256 of id, time and body."""
    timestamp = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    digest = hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(digest).decode()}"
    return {"webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature}
