"""The browsers of a wearer that show notifications."""

import base64
import binascii
import hashlib
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db import transaction

from accounts.models import PushSubscription, User
from accounts.outside.addresses import ForbiddenAddressError, UnknownHostError, check_url

MOST_DEVICES = 10
POINT_BYTES, SECRET_BYTES = 65, 16


class BadSubscriptionError(ValueError):
    """It is none that could be sent to."""


@transaction.atomic
def add(user: User, *, endpoint: str, p256dh: str, auth: str, name: str = "") -> PushSubscription:
    """A browser has one: it is that of whoever subscribed in it last. Of more than ten the oldest go.

    Raises BadSubscriptionError.
    """
    check_endpoint(endpoint)
    check_keys(p256dh, auth)
    row, _ = PushSubscription.objects.update_or_create(
        endpoint_sha256=hash_endpoint(endpoint),
        defaults={
            "user": user,
            "endpoint": endpoint,
            "p256dh": p256dh,
            "auth": auth,
            "name": name[:80],
            "failures": 0,
        },
    )
    mine = PushSubscription.objects.filter(user=user).exclude(pk=row.pk).order_by("-pk")
    surplus = list(mine.values_list("pk", flat=True)[MOST_DEVICES - 1 :])
    PushSubscription.objects.filter(pk__in=surplus).delete()
    return row


def hash_endpoint(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()


def check_endpoint(endpoint: str) -> None:
    """Push services have public addresses, and https; ours of tests may be in WEARER_NETWORKS. Raises BadSubscriptionError."""
    is_secure = urlsplit(endpoint).scheme == "https"
    if len(endpoint) > 1000 or not (is_secure or settings.WEARER_NETWORKS):
        raise BadSubscriptionError("the address is not https")
    try:
        check_url(endpoint, networks=settings.WEARER_NETWORKS)
    except (ForbiddenAddressError, UnknownHostError) as error:
        raise BadSubscriptionError("the address is not public") from error


def check_keys(p256dh: str, auth: str) -> None:
    """A point of the curve P-256, and sixteen bytes. Raises BadSubscriptionError."""
    point, secret = decode(p256dh), decode(auth)
    if len(point) != POINT_BYTES or len(secret) != SECRET_BYTES:
        raise BadSubscriptionError("the keys have another length")
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError as error:
        raise BadSubscriptionError("the key is no point of the curve") from error


def decode(text: str) -> bytes:
    try:
        return base64.b64decode(
            text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True
        )
    except (binascii.Error, ValueError) as error:
        raise BadSubscriptionError("the keys are no base64") from error
