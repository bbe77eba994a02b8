"""A wearer's pages ask as few queries of a large wardrobe as of a small one, and stay light.

What is shown a page at a time is measured twice while it fits on one page, so that a query for each row is seen, and
once with many pages.
"""

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as product
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import PushSubscription, User
from feedback.models import HouseholdOpinion, ShownOutfit
from registry.prompts import live_versions
from styling.buying import store
from styling.buying.jobs import judge_job
from styling.models import (
    CalendarOccasion,
    Event,
    LeftOut,
    Look,
    LookPiece,
    OccasionRule,
    OutfitPiece,
    SharedPicture,
    Subscription,
    Suggestion,
    Trip,
    TripLeg,
    TripOccasion,
    TripPiece,
    TripWear,
)
from styling.weather.model import stated_weather
from tests.factories import load_prompts, load_vocabulary, make_photo, make_user
from wardrobe.household import members
from wardrobe.models import Care, Garment, Member, Wear

pytestmark = pytest.mark.django_db
FEW, THRICE, MANY = 4, 12, 150
MOST_BYTES = 60 * 1024
AT_MOST_MORE = 1
"""A query that is only made where there is something to count, or a page after the first."""
JEANS = product.BASE_DIR / "fixtures" / "demo" / "photos" / "dark-jeans.jpg"
SLOTS = (
    ("top", "shirt", "base"),
    ("bottom", "jeans", "base"),
    ("shoes", "boots", "base"),
    ("outerwear", "rain-jacket", "outer"),
)


class Filled:
    """A wearer, and somebody of their household who shows outfits. `to` fills up to a number of everything."""

    def __init__(self) -> None:
        self.owner, self.other = make_user(), make_user()
        own = members.found_household(self.owner, name="Home", called="A")
        Member.objects.create(user=self.other, household=own.household, name="B")
        self.garments: list[Garment] = []
        self.suggestions: list[Suggestion] = []
        self.theirs: list[Suggestion] = []
        self.trip = Trip.objects.create(
            owner=self.owner,
            name="Lisbon",
            starts_on=self.owner.today + timedelta(days=2),
            ends_on=self.owner.today + timedelta(days=4),
            status="ready",
        )
        self.token = uuid4()
        TripLeg.objects.create(
            trip=self.trip,
            starts_on=self.trip.starts_on,
            place="Lisbon, Portugal",
            latitude=38.7,
            longitude=-9.1,
            time_zone="Europe/Lisbon",
        )

    def to(self, number: int) -> None:
        new = range(len(self.garments), number)
        self.garments += self.hang(self.owner, new)
        self.suggestions += self.answer(self.owner, self.garments, new)
        self.theirs += self.answer(self.other, self.hang(self.other, range(4)), new)
        self.log(new)
        self.keep(new)
        self.subscribe(new)
        self.travel(new)
        self.show(new)
        self.token = store.keep(
            self.owner,
            JEANS.read_bytes(),
            {"format": "jpeg", "type": "", "price": "40", "currency": "EUR"},
        )
        judge_job(self.owner.pk, str(self.token))

    def hang(self, owner: User, new: range) -> list[Garment]:
        photos = [
            make_photo(owner, image=f"photos/{owner.pk}/{n}.webp", thumbnail=f"photos/{n}.webp")
            for n in new
        ]
        return Garment.objects.bulk_create(
            Garment(
                owner=owner, photo=photo, status="ready", name=f"Piece number {n}", warmth="medium",
                slot=SLOTS[n % 4][0], type=SLOTS[n % 4][1], layering=SLOTS[n % 4][2],
                colours=[{"name": "navy", "hex": "#1f2a44", "share": 1.0}], pattern="solid",
                material="cotton", seasons=["spring"], formality="smart_casual", in_wash=n % 8 > 5,
                wear_count=n % 3, price=n, currency="EUR",
            )
            for n, photo in zip(new, photos, strict=True)
        )  # fmt: skip

    def answer(self, owner: User, garments: list[Garment], new: range) -> list[Suggestion]:
        """One a day, and as many again today."""
        days = [owner.today, *(owner.today - timedelta(days=n) for n in new)]
        events = Event.objects.bulk_create(
            Event(owner=owner, kind="casual", date=day, starts_at=time(9), ends_at=time(17))
            for day in [*days, *[owner.today] * len(new), *[owner.today + timedelta(1)] * len(new)]
        )
        made = Suggestion.objects.bulk_create(
            Suggestion(
                owner=owner, request_key=uuid4(), event=event, status="ready", verdict="accepted",
                weather=stated_weather("mild", "dry").to_json(), prose="A shirt.\n\nBoots.",
                reasons=["It is mild."], candidates=[one.pk for one in garments[:40]],
                picture=f"looks/{owner.pk}/{n}.webp",
            )
            for n, event in enumerate(events)
        )  # fmt: skip
        OutfitPiece.objects.bulk_create(
            OutfitPiece(suggestion=one, garment=garment, position=at, slot=garment.slot)
            for one in made
            for at, garment in enumerate(garments[:4])
        )
        return made

    def log(self, new: range) -> None:
        first, today = self.garments[0], self.owner.today
        Wear.objects.bulk_create(
            Wear(owner=self.owner, garment=garment, day=today - timedelta(days=n), source="said")
            for n in new
            for garment in (first, *self.garments[max(n, 1) : n + 1])
        )
        Care.objects.bulk_create(
            Care(owner=self.owner, garment=first, kind="repaired", day=today - timedelta(days=n))
            for n in new
        )

    def keep(self, new: range) -> None:
        looks = Look.objects.bulk_create(
            Look(owner=self.owner, name=f"Look {n}", picture=f"looks/{n}.webp") for n in new
        )
        LookPiece.objects.bulk_create(
            LookPiece(look=look, garment=garment, position=at)
            for look in looks
            for at, garment in enumerate(self.garments[:4])
        )
        LeftOut.objects.bulk_create(
            LeftOut(owner=self.owner, garment=self.garments[n], kind="casual") for n in new
        )
        SharedPicture.objects.bulk_create(
            SharedPicture(owner=self.owner, suggestion=self.suggestions[n], file=f"shared/{n}.jpg")
            for n in new
        )

    def subscribe(self, new: range) -> None:
        """Up to what may be subscribed, and said by rules."""
        for n in [n for n in new if n < 5]:
            calendar = Subscription.objects.create(
                owner=self.owner, url=f"https://calendar.example.com/{n}.ics", name=f"Calendar {n}"
            )
            CalendarOccasion.objects.bulk_create(
                CalendarOccasion(
                    owner=self.owner, subscription=calendar, key=f"{n} {day}", kind="business",
                    date=self.owner.today + timedelta(days=day), title=f"Meeting {day}",
                    starts_at=time(9), ends_at=time(10),
                )
                for day in range(30)
            )  # fmt: skip
        OccasionRule.objects.bulk_create(
            OccasionRule(owner=self.owner, position=n, words=f"meeting {n}", kind="business")
            for n in new
            if n < 50
        )
        PushSubscription.objects.bulk_create(
            PushSubscription(
                user=self.owner, endpoint=f"https://push.example.com/{n}", endpoint_sha256=f"{n}",
                p256dh="a", auth="b", name=f"Device {n}",
            )
            for n in new
            if n < 10
        )  # fmt: skip

    def travel(self, new: range) -> None:
        today = self.owner.today
        for sign in (1, -1):
            trips = Trip.objects.bulk_create(
                Trip(
                    owner=self.owner, name=f"Trip {n}", status="ready", is_planned=True,
                    starts_on=today + timedelta(days=sign * (n + 9)),
                    ends_on=today + timedelta(days=sign * (n + 9)),
                )
                for n in new
            )  # fmt: skip
            TripLeg.objects.bulk_create(
                TripLeg(
                    trip=trip, starts_on=trip.starts_on, place="Lisbon, Portugal", latitude=38.7,
                    longitude=-9.1, time_zone="Europe/Lisbon",
                )
                for trip in trips
            )  # fmt: skip
        listed = self.garments[new.start : min(new.stop, 30)]
        TripPiece.objects.bulk_create(TripPiece(trip=self.trip, garment=one) for one in listed)
        if new.start:
            return
        for at, day in enumerate(self.trip.days):
            occasion = TripOccasion.objects.create(trip=self.trip, day=day, kind="casual")
            TripWear.objects.bulk_create(
                TripWear(occasion=occasion, garment=garment, position=n)
                for n, garment in enumerate(self.garments[: at + 2])
            )

    def show(self, new: range) -> None:
        ShownOutfit.objects.bulk_create(
            ShownOutfit(suggestion=self.theirs[n], owner=self.other) for n in new
        )
        if not new.start:
            shown = ShownOutfit.objects.create(suggestion=self.suggestions[0], owner=self.owner)
            HouseholdOpinion.objects.create(shown=shown, rater=self.other, verdict="good")

    def addresses(self) -> Iterator[str]:
        today = self.owner.today.isoformat()
        outfit, piece = self.suggestions[0].pk, self.garments[0]
        for name in [
            "styling:ask",
            "styling:history",
            "styling:looks",
            "styling:look-build",
            "styling:calendars",
            "styling:notifications",
            "styling:profile",
            "styling:numbers",
            "styling:numbers-missing",
            "styling:buying",
            "styling:shared",
            "styling:trip-list",
            "feedback:learned",
            "feedback:household-outfits",
            "wardrobe:garment-list",
            "wardrobe:laundry",
            "wardrobe:garment-select",
            "wardrobe:photo-upload",
            "wardrobe:household",
            "own_data:own-data",
        ]:
            yield reverse(name)
        yield f"{reverse('styling:ask')}?start_from={piece.pk}"
        yield f"{reverse('styling:history')}?day={today}"
        yield f"{reverse('styling:look-build')}?piece={piece.pk}&slot=bottom"
        for name in ("outfit-detail", "outfit-why", "picture"):
            yield reverse(f"styling:{name}", args=[outfit])
        yield reverse("styling:outfit-piece", args=[outfit, piece.pk])
        yield reverse("feedback:wear-instead", args=[outfit])
        yield reverse("styling:day", args=[today])
        for name in ("trip-detail", "trip-edit"):
            yield reverse(f"styling:{name}", args=[self.trip.pk])
        yield reverse("styling:look-detail", args=[Look.objects.earliest("created_at", "pk").pk])
        yield reverse("styling:buying-answer", args=[self.token])
        for name in ("garment-detail", "garment-delete"):
            yield reverse(f"wardrobe:{name}", args=[piece.pk])
        yield reverse("wardrobe:photo-detail", args=[piece.photo_id])


def measure(client: Client, address: str) -> tuple[int, int]:
    """Queries, and bytes of HTML."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return len(asked), len(answer.content)


def test_pages_of_a_large_wardrobe(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Asked once a second whatever the page: on a busy machine a visit takes that long.
    monkeypatch.setattr(live_versions, "CHECK_EVERY_S", 3600.0)
    settings.OPEN_METEO_URL = "http://127.0.0.1:9/"
    settings.WEATHER_TIMEOUT_S = 0.1
    load_vocabulary()
    load_prompts()
    filled = Filled()
    client.force_login(filled.owner, backend="django.contrib.auth.backends.ModelBackend")
    found: dict[str, list[tuple[int, int]]] = {}
    for number in (FEW, THRICE, MANY):
        filled.to(number)
        for address in filled.addresses():
            client.get(address)  # What is made at a first visit is not counted.
            name = address.replace(str(filled.token), "photo")
            found.setdefault(name, []).append(measure(client, address))
    grown = {name: all_ for name, all_ in found.items() if max(all_)[0] > all_[0][0] + AT_MOST_MORE}
    heavy = {name: all_[-1][1] for name, all_ in found.items() if all_[-1][1] >= MOST_BYTES}
    assert (grown, heavy) == ({}, {})
