"""Asking an address that somebody typed, within limits. The connection goes to the address that was checked, whatever
the name means by now; the certificate is checked against the name. Proxies of the environment are not used."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin

import httpx

from accounts.outside.addresses import (
    Destination,
    ForbiddenAddressError,
    UnknownHostError,
    check_url,
)

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 3


class AskingError(Exception):
    """There is no answer: `code` is forbidden, unknown_host, unreachable, too_slow, too_large or too_many_redirects."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Answer:
    """A status, the headers in lower case, and the whole body; no body where it is not 200."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


async def post(
    destination: Destination, headers: Mapping[str, str], body: bytes, *, timeout_s: float
) -> int:
    """The status of the answer, from connecting to it within `timeout_s`; its body is not read, redirects are not followed.

    Raises httpx.HTTPError, TimeoutError and OSError.
    """
    async with (
        asyncio.timeout(timeout_s),
        make_client(timeout_s) as client,
        client.stream(
            "POST",
            destination.pinned_url,
            headers={**headers, "Host": destination.host_header},
            content=body,
            extensions={"sni_hostname": destination.host},
        ) as response,
    ):
        return response.status_code


async def fetch(
    url: str,
    *,
    headers: Mapping[str, str],
    networks: Sequence[str],
    most_bytes: int,
    timeout_s: float,
) -> Answer:
    """What is at a URL, after three redirects at most, each of which is checked as the first address is; the time is for
    all of it, the size for what comes out of a compressed answer. Raises AskingError."""
    try:
        async with asyncio.timeout(timeout_s), make_client(timeout_s) as client:
            for _ in range(MOST_REDIRECTS + 1):
                destination = await asyncio.to_thread(check_url, url, networks=networks)
                answer = await get(client, destination, headers, most_bytes)
                if answer.status not in REDIRECTS or "location" not in answer.headers:
                    return answer
                url = urljoin(url, answer.headers["location"])
    except ForbiddenAddressError as error:
        raise AskingError("forbidden") from error
    except UnknownHostError as error:
        raise AskingError("unknown_host") from error
    except (TimeoutError, httpx.TimeoutException) as error:
        raise AskingError("too_slow") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise AskingError("unreachable") from error
    raise AskingError("too_many_redirects")


async def get(
    client: httpx.AsyncClient, destination: Destination, headers: Mapping[str, str], most_bytes: int
) -> Answer:
    """Raises AskingError for a body that is too large."""
    async with client.stream(
        "GET",
        destination.pinned_url,
        headers={**headers, "Host": destination.host_header},
        extensions={"sni_hostname": destination.host},
    ) as response:
        told = {name.lower(): value for name, value in response.headers.items()}
        body = bytearray()
        if response.status_code == 200:
            async for part in response.aiter_bytes():
                body += part
                if len(body) > most_bytes:
                    raise AskingError("too_large")
        return Answer(response.status_code, told, bytes(body))


def make_client(timeout_s: float) -> httpx.AsyncClient:
    return httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=timeout_s)
