"""Undo: an address to post to, which a message carries in its `extra_tags` (`templates/_messages.html`).

What has to be put back stands in the session, not in the address, which ends up in histories and in logs.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, QueryDict
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

Former = Mapping[str, str | Sequence[str]]
KEPT = "former"
MOST_KEPT = 10
"""Of one session: a toast is gone in seconds, and who has no scripts sees one page at a time."""


def offer_undo(request: HttpRequest, address: str, former: Former) -> str:
    """The address whose POST sends `former`, the fields of its form as they were. Of more than ten the oldest go. The key
    in it means nothing at any other address."""
    key = get_random_string(12)
    kept = {**request.session.get(KEPT, {}), key: [address, {**former}]}
    request.session[KEPT] = dict(list(kept.items())[-MOST_KEPT:])
    return f"{address}?undo={key}"


def is_undo(request: HttpRequest) -> bool:
    return request.method == "POST" and "undo" in request.GET


def read_sent(request: HttpRequest) -> QueryDict:
    """What the form sent; of an undo, what is to be put back. Raises Http404 where the session does not know it (any more), or knows
    it of another address."""
    if not is_undo(request):
        return request.POST
    address, former = request.session.get(KEPT, {}).get(request.GET["undo"], ("", {}))
    if address != request.path:
        raise Http404
    return QueryDict(urlencode(former, doseq=True))


def say_done(request: HttpRequest, said: StrOrPromise, former: Former) -> None:
    """Tell what was done, with an undo that sends `former` to the same address; of an undo, that it was one."""
    if is_undo(request):
        say_undone(request)
    else:
        messages.success(request, said, extra_tags=offer_undo(request, request.path, former))


def say_undone(request: HttpRequest) -> None:
    messages.success(request, _("As it was before."))
