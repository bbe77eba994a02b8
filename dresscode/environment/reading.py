"""The environment, and those of its variables that take more than one line to read.

Raises `ImproperlyConfigured` or environs' `EnvError` for a value that cannot be used.
"""

import base64
import secrets
from collections.abc import Callable, Collection
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env, validate

from dresscode.local.embedded import paths
from stores import redis

BASE_DIR = Path(__file__).resolve().parents[2]

env = Env()
env.read_env(env.str("DRESSCODE_ENV_FILE", "") or str(BASE_DIR / ".env"), recurse=False)

VAPID_BYTES = 32
ABOVE_ZERO = validate.Range(min=0, min_inclusive=False)
PROCESSES = validate.OneOf(["command", "web", "worker"])
PORTS = validate.Range(min=1, max=65535)


def read_url(name: str, default: str, *, schemes: Collection[str] = ("http", "https")) -> str:
    url = env.str(name, "") or default
    if url and urlsplit(url).scheme not in schemes:
        raise ImproperlyConfigured(f"{name} must start with {' or '.join(sorted(schemes))}://")
    return url


def read_redis_url(state: Path) -> str:
    """One server's address, or that of Sentinels (`stores.redis`); the embedded one's where nothing is said."""
    url = read_url("REDIS_URL", "", schemes=redis.SCHEMES) or paths.redis_url(state)
    try:
        redis.read_service(url)
    except ValueError as error:
        raise ImproperlyConfigured(f"REDIS_URL: {error}") from error
    return url


def read_trace_url(name: str) -> str:
    """The address of one trace elsewhere, with `{trace_id}` where its 32 digits go; empty if there is none."""
    url = read_url(name, "")
    if url and "{trace_id}" not in url:
        raise ImproperlyConfigured(f"{name} must have {{trace_id}} where the trace's id goes")
    return url


def read_networks(name: str) -> list[str]:
    """Networks such as 10.1.0.0/16, with commas."""
    networks: list[str] = env.list(name, [])
    try:
        return [str(ip_network(network)) for network in networks]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} lists networks such as 10.1.0.0/16: {error}") from error


def read_secret_key(state: Path, *, embedded: bool) -> str:
    """From the environment; in embedded mode else made once and kept in the state folder."""
    if key := env.str("SECRET_KEY", ""):
        return key
    if not embedded:
        raise ImproperlyConfigured("SECRET_KEY is required when DATABASE_URL is set")
    return keep_once(state, "secret_key", lambda: secrets.token_urlsafe(50))


def read_vapid_key(state: Path, *, embedded: bool) -> str:
    """The private key of Web Push, 32 bytes in base64url, from the environment; in embedded mode else made once and kept
    in the state folder. Empty where there is none: then nothing is pushed."""
    key = env.str("VAPID_PRIVATE_KEY", "")
    if key or not embedded:
        return check_vapid_key(key)
    return keep_once(state, "vapid_key", make_vapid_key)


def check_vapid_key(key: str) -> str:
    try:
        length = len(base64.b64decode(key + "=" * (-len(key) % 4), altchars=b"-_", validate=True))
    except ValueError:
        length = -1
    if length not in {0, VAPID_BYTES}:
        raise ImproperlyConfigured("VAPID_PRIVATE_KEY must be 32 bytes in base64url")
    return key


def make_vapid_key() -> str:
    from cryptography.hazmat.primitives.asymmetric import ec  # 8 MB, for the first start alone.

    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return base64.urlsafe_b64encode(number.to_bytes(VAPID_BYTES)).decode().rstrip("=")


def keep_once(state: Path, name: str, make: Callable[[], str]) -> str:
    """A secret of this machine: made at the first start, and read by all who come later."""
    state.mkdir(parents=True, exist_ok=True)
    file = state / name
    try:
        with file.open("x") as new:
            file.chmod(0o600)
            new.write(make())
    except FileExistsError:
        pass
    return file.read_text()


def read_site_url(*, embedded: bool) -> str:
    local = f"http://localhost:{env.int('PORT', 8000, validate=PORTS)}"
    url = env.str("SITE_URL", local if embedded else "").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise ImproperlyConfigured(f"SITE_URL must look like https://example.org, not {url!r}")
    insecure = parts.scheme == "http"
    if insecure and not embedded and not env.bool("ALLOW_INSECURE_HTTP", False):
        raise ImproperlyConfigured(
            "SITE_URL must be https outside embedded mode; ALLOW_INSECURE_HTTP=1 to allow plain http"
        )
    return url


def read_photo_storage() -> dict[str, Any]:
    """S3 when a bucket is named, else a folder below the state folder."""
    bucket = env.str("AWS_STORAGE_BUCKET_NAME", "")
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "region_name": env.str("AWS_S3_REGION_NAME", "") or None,
            "endpoint_url": env.str("AWS_S3_ENDPOINT_URL", "") or None,
            "access_key": env.str("AWS_ACCESS_KEY_ID", "") or None,
            "secret_key": env.str("AWS_SECRET_ACCESS_KEY", "") or None,
            "default_acl": None,
            "querystring_auth": True,
            "querystring_expire": 300,
            "file_overwrite": False,
        },
    }
