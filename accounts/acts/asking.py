"""Asking before what cannot be undone: an address that stopped must not come back, since somebody may have learned it."""

from collections.abc import Mapping
from types import MappingProxyType

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_stubs_ext import StrOrPromise

from accounts.acts.undoing import read_sent


def is_sure(request: HttpRequest) -> bool:
    """Whether the button of the page that asks was pressed."""
    return "sure" in read_sent(request)


def ask_first(
    request: HttpRequest,
    *,
    title: StrOrPromise,
    words: StrOrPromise,
    do: StrOrPromise,
    back: str,
    sent: Mapping[str, str] = MappingProxyType({}),
) -> HttpResponse:
    """A page whose button sends `sent` to the same address once more, meant; `back` is where a second thought leads."""
    context = {"title": title, "words": words, "do": do, "back": back, "sent": sent.items()}
    return render(request, "ask_first.html", context)
