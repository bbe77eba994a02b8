"""Where an address that somebody typed must not lead, in every way of writing it."""

import socket

import pytest

from accounts.outside.addresses import ForbiddenAddressError, UnknownHostError, check_url

PRIVATE = [
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",  # noqa: S104 - what is to be refused
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "224.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[fe80::1]",
    "[fd00::1]",
    "[ff02::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[2002:7f00:1::]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::10.0.0.1]",
    "2130706433",
    "0x7f.1",
    "localhost",
]


@pytest.mark.parametrize("host", PRIVATE)
def test_private_addresses_are_refused(host: str) -> None:
    with pytest.raises(ForbiddenAddressError, match="not public"):
        check_url(f"https://{host}/hook")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://93.184.216.34/",
        "gopher://93.184.216.34/",
        "//93.184.216.34/",
        "https://",
        "https://name:word@93.184.216.34/",
        "https://93.184.216.34:99999/",
    ],
)
def test_only_plain_web_addresses_are_asked(url: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        check_url(url)


def lead_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def getaddrinfo(host: str, port: int, **_: object) -> list[object]:
        return [(2, 1, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def test_a_name_that_leads_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    lead_to(monkeypatch, "10.0.0.7")
    with pytest.raises(ForbiddenAddressError, match=r"10\.0\.0\.7"):
        check_url("https://hooks.example.org/")


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    lead_to(monkeypatch, "93.184.216.34", "169.254.169.254")
    with pytest.raises(ForbiddenAddressError):
        check_url("https://hooks.example.org/")


def test_a_public_address_is_pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    lead_to(monkeypatch, "93.184.216.34")
    found = check_url("https://hooks.example.org/a?b=c")
    assert found.pinned_url == "https://93.184.216.34:443/a?b=c"
    assert (found.host, found.host_header) == ("hooks.example.org", "hooks.example.org")


def test_a_private_network_may_be_allowed() -> None:
    allowed = ["10.1.0.0/16"]
    assert check_url("http://10.1.2.3:8080/", networks=allowed).host_header == "10.1.2.3:8080"
    with pytest.raises(ForbiddenAddressError):
        check_url("http://10.2.0.1/", networks=allowed)


def test_a_name_that_nobody_knows_may_be_known_later() -> None:
    with pytest.raises(UnknownHostError):
        check_url("https://hooks.invalid/")
