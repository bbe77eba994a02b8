"""How often one address may post a form. Signing in has its own limits (`accounts/signin/budgets.py`)."""

import logging
from collections.abc import Callable
from functools import wraps

from axes.helpers import get_client_ip_address
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from redis.exceptions import RedisError

from accounts.spelling import spell_email

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponseBase]


def sign_in_name(request: HttpRequest, credentials: dict[str, str] | None = None) -> str:
    """Whose tries are counted. Emails are found in any case and spelling, so they are counted in one, and without what no
    database keeps."""
    source = credentials or request.POST
    return spell_email(str(source.get("username", "")).replace("\0", "").strip()).casefold()


def count_post(name: str, request: HttpRequest, seconds: int) -> int:
    """How many posts of this form came from the request's address within `seconds`, this included.

    Counts nothing while the cache is away: a lost cache must not lock people out.
    """
    key = f"posts:{name}:{get_client_ip_address(request)}"
    try:
        cache.add(key, 0, seconds)
        return int(cache.incr(key))
    except (RedisError, OSError, ValueError):  # ValueError: it expired between the two.
        logger.warning("posts of %s could not be counted", name, exc_info=True)
        return 0


def limit_posts(name: str, *, limit: int, seconds: int) -> Callable[[View], View]:
    """Answer 429 to the posts of one address beyond `limit` within `seconds`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def limited(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if request.method == "POST" and count_post(name, request, seconds) > limit:
                return render(request, "429.html", status=429)
            return view(request, *args, **kwargs)

        return limited

    return decorate
