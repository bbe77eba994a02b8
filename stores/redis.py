"""Clients of Redis by its address: of one server, or of the primary that Sentinels name.

    redis://host:6379/0    rediss://…    unix:///run/redis.sock?db=0
    redis+sentinel://[user:password@]host:26379,host:26379/service[?db=0]
    rediss+sentinel://…    the same over TLS, to the Sentinels as well

User and password are those of the servers; `sentinel_username` and `sentinel_password` may follow `?`. A client of
Sentinels asks one of them at each new connection, so it follows the primary after a fail-over.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from redis import Redis
from redis.asyncio import ConnectionPool
from redis.asyncio import Redis as AsyncRedis
from redis.asyncio.retry import Retry as AsyncRetry
from redis.asyncio.sentinel import Sentinel as AsyncSentinel
from redis.asyncio.sentinel import SentinelManagedConnection, SentinelManagedSSLConnection
from redis.backoff import NoBackoff
from redis.retry import Retry
from redis.sentinel import Sentinel, SentinelConnectionPool

SENTINEL_SCHEMES = ("redis+sentinel", "rediss+sentinel")
SCHEMES = frozenset({"redis", "rediss", "unix", *SENTINEL_SCHEMES})
SENTINEL_PORT = 26379
SENTINEL_TIMEOUT_S = 0.5
"""Of one Sentinel's answer: the next one is asked after it."""
TIMEOUT_S = 5.0
"""Of a server's answer where a library of ours would set none; redis-py's own."""
TOLD = {"db", "sentinel_username", "sentinel_password"}


@dataclass(frozen=True)
class Service:
    """A primary by the name under which Sentinels watch it."""

    name: str
    sentinels: tuple[tuple[str, int], ...]
    login: Mapping[str, Any] = field(default_factory=dict)
    """Of the servers: db, username, password, ssl."""
    sentinel_login: Mapping[str, Any] = field(default_factory=dict)

    @property
    def asking(self) -> dict[str, Any]:
        """How a Sentinel is asked: once, since there are others."""
        return {
            "socket_timeout": SENTINEL_TIMEOUT_S,
            "socket_connect_timeout": SENTINEL_TIMEOUT_S,
            **self.sentinel_login,
        }

    def ask(self) -> Sentinel:
        asking = {**self.asking, "retry": Retry(NoBackoff(), 0)}
        return Sentinel(self.sentinels, sentinel_kwargs=asking)  # type: ignore[no-untyped-call]


class Primary:
    """Where a service's primary is, for redis-py's asyncio connections that follow it.

    redis-py's own pool of these keeps connections to Sentinels that nobody closes; an event loop that ends warns.
    """

    is_master = True
    check_connection = False

    def __init__(self, service: Service) -> None:
        self.service = service

    async def get_master_address(self) -> tuple[str, int]:
        asking = {**self.service.asking, "retry": AsyncRetry(NoBackoff(), 0)}
        sentinels = AsyncSentinel(self.service.sentinels, sentinel_kwargs=asking)  # type: ignore[no-untyped-call]
        async with sentinels:
            address: tuple[str, int] = await sentinels.discover_master(self.service.name)
        return address

    def follow(self) -> dict[str, Any]:
        """What an asyncio pool passes on to its connections."""
        login = dict(self.service.login)
        is_tls = login.pop("ssl", False)
        kind = SentinelManagedSSLConnection if is_tls else SentinelManagedConnection
        return {"connection_class": kind, "connection_pool": self, **login}


def read_service(url: str) -> Service | None:
    """None for the address of one server. Raises ValueError, in words that quote no password."""
    parts = urlsplit(url)
    if parts.scheme not in SENTINEL_SCHEMES:
        return None
    who, _, places = parts.netloc.rpartition("@")
    name = parts.path.strip("/")
    if not name or "/" in name:
        raise ValueError("the name of the service follows the Sentinels, as in …:26379/service")
    said = dict(parse_qsl(parts.query))
    if set(said) - TOLD:
        raise ValueError(f"only {', '.join(sorted(TOLD))} may follow the question mark")
    username, _, password = who.partition(":")
    tls = {"ssl": True} if parts.scheme.startswith("rediss") else {}
    login = {"username": unquote(username), "password": unquote(password)}
    sentinel_login = {
        "username": said.get("sentinel_username"),
        "password": said.get("sentinel_password"),
    }
    return Service(
        name,
        tuple(read_place(place) for place in places.split(",")),
        {"db": int(said.get("db", 0)), **drop_empty(login), **tls},
        {**drop_empty(sentinel_login), **tls},
    )


def read_place(place: str) -> tuple[str, int]:
    """A host and its port. Raises ValueError."""
    parts = urlsplit(f"//{place}")
    if not parts.hostname:
        raise ValueError("Sentinels are named as host:port, with commas between them")
    return parts.hostname, parts.port or SENTINEL_PORT


def drop_empty(login: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in login.items() if value}


def connect(url: str, **options: Any) -> "Redis":
    """A client with a pool of its own, which `close` closes."""
    if service := read_service(url):
        client: Redis = service.ask().master_for(  # type: ignore[no-untyped-call]
            service.name, **service.login, **options
        )
        return client
    return Redis.from_url(url, **options)


def connect_async(url: str, **options: Any) -> "AsyncRedis":
    if service := read_service(url):
        return AsyncRedis.from_pool(ConnectionPool(**Primary(service).follow(), **options))
    return AsyncRedis.from_url(url, **options)


class ServicePool(SentinelConnectionPool):
    """The pool of Django's cache, which makes it by `from_url`."""

    @classmethod
    def from_url(cls, url: str, **options: Any) -> "ServicePool":
        service: Service = options.pop("service")
        return cls(service.name, service.ask(), **service.login, **options)


# The same address as libraries want it said in the settings.


def cache_place(url: str) -> dict[str, Any]:
    """`LOCATION` and `OPTIONS` of Django's cache, which takes an address with commas for several servers."""
    service = read_service(url)
    if service is None:
        return {"LOCATION": url}
    return {"LOCATION": service.name, "OPTIONS": {"pool_class": ServicePool, "service": service}}


def channel_host(url: str, **options: Any) -> dict[str, Any]:
    """One of `hosts` of channels-redis."""
    service = read_service(url)
    if service is None:
        return {"address": url, **options}
    return {**Primary(service).follow(), **options}


def queue_options(url: str) -> dict[str, Any]:
    """Of one of django-rq's `RQ_QUEUES`."""
    service = read_service(url)
    if service is None:
        return {"URL": url}
    return {
        "SENTINELS": list(service.sentinels),
        "MASTER_NAME": service.name,
        "SENTINEL_KWARGS": service.asking,
        "CONNECTION_KWARGS": {"socket_timeout": TIMEOUT_S, **service.login},
    }
