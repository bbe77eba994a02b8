"""What is asked for one wearer in `benchmarks.growth`: pages, and what is done apart from a page."""

import re
from collections.abc import Callable
from typing import Any

Work = Callable[[], object]


def list_pages(user: Any) -> list[str]:
    """Every address of theirs that answers a GET, by the rules of `tests/access`: of what is the same in each copy."""
    from django.test import Client

    from styling.models import Look, Suggestion
    from tests.access.rules import RULES, Rule
    from wardrobe.models import Garment, Photo

    known = {
        "garment_id": Garment.objects.filter(owner=user).order_by("name")[0].pk,
        "photo_id": Photo.objects.filter(owner=user).order_by("pixel_sha256")[0].pk,
        "suggestion_id": Suggestion.objects.filter(owner=user, finished_at__isnull=False)[0].pk,
        "look_id": Look.objects.filter(owner=user).order_by("created_at")[0].pk,
        "day": str(user.today),
        "field": "type",
    }
    routes = [*RULES[Rule.SIGNED_IN].split(), *RULES[Rule.OWNER].split()]
    client = sign_in(user)
    pages = []
    for route in routes:
        names = re.findall(r"<(?:\w+:)?(\w+)>", route)
        if any(name not in known for name in names) or route.startswith("accounts/"):
            continue
        address = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(known[match[1]]), route)
        if isinstance(client, Client) and client.get(address).status_code == 200:
            pages.append(address)
    return pages


def sign_in(user: Any) -> Any:
    from django.test import Client

    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def list_jobs(user: Any) -> dict[str, Work]:
    """What is done for one wearer apart from a page: an answer, a look through their photos, counting, learning."""
    from datetime import time as clock
    from uuid import uuid4

    from asgiref.sync import async_to_sync

    from feedback.learning.preferences import find_preferences
    from styling.services.pictures import is_stale
    from styling.services.requests import EventRequest, StatedWeather, open_suggestion
    from styling.streaming.reading import write
    from wardrobe.models import Garment
    from wardrobe.services.wears import derive_counts
    from wardrobe.similarity.search import garments_alike

    garments = list(Garment.objects.filter(owner=user).order_by("name"))

    def answer() -> None:
        event = EventRequest("casual", user.today, clock(9), clock(17))
        stated = StatedWeather("mild", "dry")
        asked = open_suggestion(owner=user, request_key=uuid4(), event=event, stated=stated)
        async_to_sync(write)(asked.pk)

    from styling.models import Suggestion

    newest = Suggestion.objects.filter(owner=user)[0]
    return {
        "an answer, from asking to its row": answer,
        "garments alike": lambda: garments_alike(garments[0]),
        "counts of wears": lambda: derive_counts(
            [one.pk for one in garments[:5]], today=user.today
        ),
        "what signals taught": lambda: find_preferences(user),
        "whether a picture is stale": lambda: is_stale(newest),
    }
