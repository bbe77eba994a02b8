"""Server time, queries and bytes of a wearer's pages, of a large wardrobe with a long history.

    python -m benchmarks.pages [GARMENTS DAYS]

A thousand garments, three years in which five of them are worn a day, a trip of ten days. Each page is asked 21 times of
a server of this process; told are the median and the third-worst. The goal is 150 ms and 60 KB.
"""

import gc
import os
import random
import re
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import django

STATE = Path(tempfile.mkdtemp(prefix="dresscode-pages-"))
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "dresscode.settings",
    "DRESSCODE_ENV_FILE": os.devnull,
    "DRESSCODE_STATE": str(STATE),
}

from dresscode.local.embedded import paths, postgres, redis  # noqa: E402

os.environ["REDIS_URL"] = paths.redis_url(STATE)
GARMENTS, DAYS = map(int, sys.argv[1:3] or (1000, 3 * 365))
A_DAY, ASKED = 5, 21
TYPES = {
    "top": ("t-shirt", "shirt", "sweater", "blouse"),
    "bottom": ("jeans", "chinos", "skirt"),
    "shoes": ("sneakers", "boots", "derbies"),
    "outerwear": ("coat", "rain-jacket", "blazer"),
    "dress": ("dress",),
}


def fill():  # type: ignore[no-untyped-def]
    """The wearer, and the addresses of her pages."""
    from django.urls import reverse

    from accounts.models import User
    from styling.models import Trip, TripPiece
    from styling.numbers.jobs import name_key
    from styling.numbers.reading import digest_wardrobe
    from styling.trips.service import dress_occasion, start_trip
    from styling.weather.places import Place
    from wardrobe.models import Garment, Wear

    rng = random.Random(1)
    owner = User.objects.create_user("pages@example.org", "a short sentence is good")
    garments = []
    for number in range(GARMENTS):
        slot = rng.choice(list(TYPES))
        garments.append(
            Garment(
                owner=owner,
                status="ready",
                name=f"Piece {number}",
                slot=slot,
                type=rng.choice(TYPES[slot]),
                colours=[
                    {"name": rng.choice(["navy", "white", "grey"]), "hex": "#1f2a44", "share": 1}
                ],
                warmth=rng.choice(["light", "medium", "heavy"]),
                price=rng.randrange(10, 200),
                currency=rng.choice(["EUR", "USD"]),
                wear_count=rng.randrange(40),
            )
        )
    Garment.objects.bulk_create(garments)
    wears = [
        Wear(owner=owner, garment=one, day=owner.today - timedelta(days=ago), source="said")
        for ago in range(DAYS)
        for one in rng.sample(garments, A_DAY)
    ]
    Wear.objects.bulk_create(wears, batch_size=2000)
    place = Place("Lisbon, Portugal", 38.7, -9.1, "Europe/Lisbon", "Portugal")
    trip = start_trip(
        owner, place=place, starts_on=owner.today, ends_on=owner.today + timedelta(days=9)
    )
    packed = rng.sample(garments, min(20, len(garments)))
    TripPiece.objects.bulk_create(TripPiece(trip=trip, garment=one) for one in packed)
    for occasion in trip.occasions.all():
        dress_occasion(occasion, [str(one.pk) for one in rng.sample(packed, 6)])
    Trip.objects.update(status="ready")
    from django.core.cache import cache

    cache.add(f"{name_key(owner, digest_wardrobe(owner))}:asked", True, 600)
    numbers = "/wardrobe/numbers/"
    return owner, [
        *(f"{numbers}?span={span}" for span in ("season", "year", "all")),
        "/trips/",
        f"/trips/{trip.pk}/",
        f"/trips/{trip.pk}/edit/",
        "/today/",
        "/outfits/",
        f"/outfits/day/{owner.today}/",
        "/wardrobe/",
        "/wardrobe/?q=navy+jeans",
        "/wardrobe/?sort=colour&colour=navy",
        reverse("wardrobe:garment-select"),
        reverse("wardrobe:garment-detail", args=[garments[0].pk]),
        reverse("wardrobe:laundry"),
        reverse("wardrobe:household"),
        reverse("styling:looks"),
        reverse("styling:look-build"),
        reverse("styling:profile"),
    ]


def measure() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    call_command("migrate", verbosity=0)
    call_command("load_vocabulary", verbosity=0)
    owner, addresses = fill()
    client = Client(SERVER_NAME="localhost")
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    for address in addresses:
        client.get(address)
    gc.freeze()  # As the web process does with what is loaded.
    print(f"{'page':<42}{'median':>9}{'p90':>9}{'queries':>9}{'KB':>7}")
    for address in addresses:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        queries = len(captured)  # Now: the next request begins a new log.
        assert answer.status_code == 200, (address, answer.status_code)
        times = []
        for _ in range(ASKED):
            start = time.perf_counter()
            client.get(address)
            times.append(1000 * (time.perf_counter() - start))
        median, p90 = statistics.median(times), sorted(times)[-3]
        name = re.sub(r"[0-9a-f-]{36}", "…", address)
        size = len(answer.content) / 1000
        print(f"{name:<42}{median:>6.0f} ms{p90:>6.0f} ms{queries:>9}{size:>7.1f}")


if __name__ == "__main__":
    STATE.chmod(0o711)
    (STATE / "static").mkdir()
    stores = [postgres.start(STATE, disposable=True), redis.start(STATE, disposable=True)]
    try:
        django.setup()
        from django.conf import settings

        settings.STORAGES = {
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        }
        measure()
    finally:
        for store in reversed(stores):
            store.stop()
