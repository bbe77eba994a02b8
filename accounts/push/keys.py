"""The key by which push services know this site (VAPID, RFC 8292)."""

from functools import cache

from cryptography.hazmat.primitives import serialization
from django.conf import settings
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode


@cache
def load_key(private: str) -> Vapid02:
    return Vapid02.from_raw(private.encode())


def find_key() -> Vapid02 | None:
    """None where the site has no key: then nothing is pushed."""
    return load_key(settings.VAPID_PRIVATE_KEY) if settings.VAPID_PRIVATE_KEY else None


def public_key() -> str:
    """As browsers take it; empty where there is none."""
    key = find_key()
    if key is None:
        return ""
    point = key.public_key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return str(b64urlencode(point))
