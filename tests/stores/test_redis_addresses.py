"""What an address of Redis may say, and what libraries are told of it."""

import pytest

from stores import redis as stores

ADDRESS = "redis+sentinel://:p%40ss@s1:26380,s2,[::1]:26381/styles?db=3&sentinel_password=asked"


def test_an_address_names_the_sentinels_and_their_service() -> None:
    service = stores.read_service(ADDRESS)
    assert service is not None
    assert service.name == "styles"
    assert service.sentinels == (("s1", 26380), ("s2", 26379), ("::1", 26381))
    assert service.login == {"db": 3, "password": "p@ss"}
    assert service.sentinel_login == {"password": "asked"}


def test_tls_holds_for_servers_and_sentinels() -> None:
    service = stores.read_service("rediss+sentinel://style:secret@s1/styles")
    assert service is not None
    assert service.login == {"db": 0, "username": "style", "password": "secret", "ssl": True}
    assert service.sentinel_login == {"ssl": True}


@pytest.mark.parametrize("url", ["redis://h:6379/0", "rediss://h/0", "unix:///run/redis.sock"])
def test_one_server_is_said_as_ever(url: str) -> None:
    assert stores.read_service(url) is None
    assert stores.cache_place(url) == {"LOCATION": url}
    assert stores.channel_host(url, socket_timeout=None) == {"address": url, "socket_timeout": None}
    assert stores.queue_options(url) == {"URL": url}


@pytest.mark.parametrize(
    "url",
    [
        "redis+sentinel://s1:26379",
        "redis+sentinel://:secret@/styles",
        "redis+sentinel://:secret@s1:port/styles",
        "redis+sentinel://:secret@s1/styles/0",
        "redis+sentinel://:secret@s1/styles?db=one",
        "redis+sentinel://:secret@s1/styles?database=1",
    ],
)
def test_what_cannot_be_used_is_refused_without_the_password(url: str) -> None:
    with pytest.raises(ValueError) as refusal:
        stores.read_service(url)
    assert "secret" not in str(refusal.value)
