"""Where an address that somebody typed may lead: to what is public, and to private networks that settings name.

Whoever may write a URL must not reach what only this machine can: its own services, its cloud's metadata.
"""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address

NAT64 = IPv6Network("64:ff9b::/96")
"""Addresses that a gateway turns into the IPv4 address in their last 32 bits (RFC 6052)."""


class ForbiddenAddressError(ValueError):
    """A URL that must not be asked; trying again does not help."""


class PrivateAddressError(ForbiddenAddressError):
    """It leads to what is not public. Its text names the host's address, which is for operators only."""


class UnknownHostError(Exception):
    """The name is not found now; it may be later."""


@dataclass(frozen=True)
class Destination:
    """A URL with the address that its host had when it was checked. Connect to that one: the name may mean another next."""

    scheme: str
    host: str
    port: int
    path: str
    address: str

    @property
    def pinned_url(self) -> str:
        address = f"[{self.address}]" if ":" in self.address else self.address
        return f"{self.scheme}://{address}:{self.port}{self.path}"

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"http": 80, "https": 443}[self.scheme]
        return host if self.port == usual else f"{host}:{self.port}"


def check_url(url: str, *, networks: Sequence[str] = ()) -> Destination:
    """Where a URL leads now; `networks` are private ones that are allowed besides what is public, such as "10.1.0.0/16".

    Raises ForbiddenAddressError and UnknownHostError.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError as error:
        raise ForbiddenAddressError(f"it is no URL: {error}") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ForbiddenAddressError("it does not begin with http:// or https:// and a host")
    if parts.username is not None or parts.password is not None:
        raise ForbiddenAddressError("it has a name or a password in it")
    addresses = resolve(parts.hostname, port)
    for address in addresses:
        if not is_allowed(address, networks):
            raise PrivateAddressError(f"{parts.hostname} leads to {address}, which is not public")
    path = parts.path or "/"
    query = f"?{parts.query}" if parts.query else ""
    return Destination(parts.scheme, parts.hostname, port, f"{path}{query}", str(addresses[0]))


def resolve(host: str, port: int) -> Sequence[Address]:
    """All addresses of a host. Raises UnknownHostError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnknownHostError(f"{host} is not known: {error}") from error
    return [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


def is_allowed(address: Address, networks: Sequence[str]) -> bool:
    real = unwrap(address)
    if any(real in ip_network(network) for network in networks):
        return True
    return real.is_global and not (real.is_multicast or real.is_reserved)


def unwrap(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, where it does."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
