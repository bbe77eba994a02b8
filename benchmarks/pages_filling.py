"""A wearer with a large wardrobe and a long history, written as rows, and the addresses of their pages.

Pictures have names and no files: no page reads one.
"""

import random
from collections.abc import Iterator
from datetime import date, time, timedelta
from hashlib import sha256
from uuid import uuid4

import numpy as np
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse

from accounts.models import User
from feedback.models import HouseholdOpinion, PreferenceSignal, Rating, ShownOutfit
from styling.buying import store
from styling.buying.jobs import judge_job
from styling.models import (
    CalendarOccasion,
    Event,
    LeftOut,
    Look,
    LookPiece,
    OutfitPiece,
    SharedPicture,
    Subscription,
    Suggestion,
    Trip,
    TripPiece,
)
from styling.numbers.jobs import name_key
from styling.numbers.reading import digest_wardrobe
from styling.services.profiles import get_profile, set_home
from styling.stylist.features import NAMES
from styling.trips.service import dress_occasion, start_trip
from styling.weather.model import stated_weather
from styling.weather.places import Place
from wardrobe.household.members import found_household
from wardrobe.household.shelves import WEAR, make_shelf, put_on_shelf, share_shelf
from wardrobe.models import Care, Garment, Member, Photo, PhotoEmbedding, Wear
from wardrobe.similarity.extractors import BuiltinExtractor, Floats

A_DAY, IN_OUTFIT = 5, 4
"""Pieces that are worn, and of these in the outfit of the day."""
ASKED_A_DAY = (1, 1, 2, 1, 3)
"""Outfits, day after day; the first is worn."""
LOOKS, LINKS, LEFT_OUT, LENT, HOUSEMATE_OWNS, SHOWN = 150, 40, 30, 60, 200, 40
TRIP_EVERY, TRIP_DAYS, PACKED = 45, 10, 20
OCCASIONS = ("casual", "business", "smart_casual", "date_night", "party", "outdoor")
COLOURS = {"navy": "#1f2a44", "white": "#f4f4f0", "grey": "#8a8d91", "red": "#b2222f"}
TYPES = {
    "top": ("t-shirt", "shirt", "sweater", "blouse"),
    "bottom": ("jeans", "chinos", "skirt"),
    "shoes": ("sneakers", "boots", "derbies"),
    "outerwear": ("coat", "rain-jacket", "blazer"),
    "dress": ("dress",),
}
STREAM = [{"seq": number, "type": "prose", "text": "A shirt that is "} for number in range(60)]
"""What a stored answer has of its way to the page."""
LISBON = Place("Lisbon, Portugal", 38.7, -9.1, "Europe/Lisbon", "Portugal")
BOX = [0.1, 0.1, 0.8, 0.8]
PHOTO = settings.BASE_DIR / "fixtures" / "demo" / "photos" / "dark-jeans.jpg"


class LargeWardrobe:
    """A wearer who lives in Lisbon, `days` days of theirs up to today, and somebody of their household.

    `busy` is how many outfits are asked for on each day of this month: somebody who asks again and again.
    """

    def __init__(self, garments: int, days: int, *, busy: int = 0) -> None:
        self.rng = random.Random(1)
        self.owner = User.objects.create_user("pages@example.org", "a short sentence is good")
        self.other = User.objects.create_user("other@example.org", "a short sentence is good")
        set_home(get_profile(self.owner), place=LISBON)
        self.owner.refresh_from_db()
        self.today = self.owner.today
        self.garments = self.hang(self.owner, garments)
        asks = list(self.list_asks(days, busy))
        self.suggestions = self.answer(self.owner, self.garments, asks)
        self.wear(days)
        self.care(days)
        self.keep_looks()
        self.travel(days)
        self.subscribe()
        self.share_household()
        self.look_at_a_thing()
        # Else each visit would queue what one addition would unlock, which a worker counts.
        cache.add(f"{name_key(self.owner, digest_wardrobe(self.owner))}:asked", True, 600)

    def list_asks(self, days: int, busy: int) -> Iterator[tuple[date, int]]:
        for ago in range(-3, days):
            day = self.today - timedelta(days=ago)
            is_busy = busy and (day.year, day.month) == (self.today.year, self.today.month)
            for number in range(busy if is_busy else ASKED_A_DAY[ago % len(ASKED_A_DAY)]):
                yield day, number

    def hang(self, owner: User, count: int) -> list[Garment]:
        photos = Photo.objects.bulk_create(
            Photo(
                owner=owner, upload_key=uuid4(), status="ready", source_format="jpeg", source_bytes=90_000,
                sha256=digest, pixel_sha256=digest, width=768, height=1024,
                image=f"photos/{owner.pk}/{number}/image.webp",
                thumbnail=f"photos/{owner.pk}/{number}/thumbnail.webp",
            )
            for number in range(count)
            for digest in [sha256(f"{owner.pk} {number}".encode()).hexdigest()]
        )  # fmt: skip
        garments = Garment.objects.bulk_create(
            self.make_garment(owner, photo, number) for number, photo in enumerate(photos)
        )
        PhotoEmbedding.objects.bulk_create(
            PhotoEmbedding(
                owner=owner, extractor=BuiltinExtractor().name, pixel_sha256=photo.pixel_sha256, box=BOX,
                vector=self.draw_vector(),
            )
            for photo in photos
        )  # fmt: skip
        return garments

    def draw_vector(self) -> Floats:
        vector = np.array([self.rng.gauss(0, 1) for _ in range(128)])
        return np.asarray(vector / np.linalg.norm(vector))

    def make_garment(self, owner: User, photo: Photo, number: int) -> Garment:
        rng, slot = self.rng, self.rng.choice(list(TYPES))
        colour = rng.choice(list(COLOURS))
        folder = f"garments/{owner.pk}/{number}"
        return Garment(
            owner=owner, photo=photo, status="ready", name=f"Piece {number}", slot=slot,
            type=rng.choice(TYPES[slot]), layering="outer" if slot == "outerwear" else "base",
            colours=[{"name": colour, "hex": COLOURS[colour], "share": 1}], pattern="solid",
            material=rng.choice(["cotton", "wool", "linen"]), seasons=rng.sample(["spring", "summer", "autumn", "winter"], 2),
            formality=rng.choice(["casual", "smart_casual", "business"]),
            warmth=rng.choice(["light", "medium", "heavy"]), price=rng.randrange(10, 200),
            currency=rng.choice(["EUR", "EUR", "EUR", "USD"]), brand=f"Maker {number % 40}",
            in_wash=number % 50 == 0, image=f"{folder}/crop.webp", cut_out=f"{folder}/cut.webp",
            cut_out_size=[380, 470], cut_out_sureness=0.95, confidence={"material": 0.7}, box=BOX,
        )  # fmt: skip

    def answer(
        self, owner: User, garments: list[Garment], asks: list[tuple[date, int]]
    ) -> list[Suggestion]:
        rng = self.rng
        events = Event.objects.bulk_create(
            Event(
                owner=owner, kind=rng.choice(OCCASIONS), date=day, starts_at=time(9), ends_at=time(17),
                place=LISBON.label, latitude=38.7, longitude=-9.1, time_zone=LISBON.time_zone,
            )
            for day, _ in asks
        )  # fmt: skip
        weather = [stated_weather(word, "dry").to_json() for word in ("chilly", "mild", "warm")]
        made = Suggestion.objects.bulk_create(
            [
                Suggestion(
                    owner=owner, request_key=uuid4(), event=event, status="ready",
                    verdict="" if number else "accepted", weather=weather[event.date.month % 3],
                    prose="The shirt is light enough.\n\nThe boots keep dry.", reasons=["It is mild."],
                    candidates=[one.pk for one in rng.sample(garments, min(40, len(garments)))],
                    picture=f"looks/{owner.pk}/{event.pk}.webp", events=STREAM,
                )
                for event, (_, number) in zip(events, asks, strict=True)
            ],
            batch_size=500,
        )  # fmt: skip
        OutfitPiece.objects.bulk_create(
            (
                OutfitPiece(suggestion=one, garment=garment, position=at, slot=garment.slot)
                for one in made
                for at, garment in enumerate(rng.sample(garments, IN_OUTFIT))
            ),
            batch_size=2000,
        )
        self.judge(owner, made)
        return made

    def judge(self, owner: User, suggestions: list[Suggestion]) -> None:
        worn = [one for one in suggestions if one.verdict]
        Rating.objects.bulk_create(
            Rating(owner=owner, suggestion=one, verdict="accepted") for one in worn
        )
        PreferenceSignal.objects.bulk_create(
            PreferenceSignal(
                owner=owner, suggestion=one, kind="accepted", day=one.event.date, about="casual",
                features={name: round(self.rng.random(), 2) for name in NAMES},
            )
            for one in reversed(worn)
        )  # fmt: skip

    def wear(self, days: int) -> None:
        worn = [
            Wear(owner=self.owner, garment=one, day=self.today - timedelta(days=ago), source="said")
            for ago in range(days)
            for one in self.rng.sample(self.garments, A_DAY)
        ]
        Wear.objects.bulk_create(worn, batch_size=2000)
        counts: dict[object, int] = {}
        for wear in worn:
            counts[wear.garment_id] = counts.get(wear.garment_id, 0) + 1
        for garment in self.garments:
            garment.wear_count = counts.get(garment.pk, 0)
        Garment.objects.bulk_update(self.garments, ["wear_count"], batch_size=500)

    def care(self, days: int) -> None:
        """Three pieces a week are washed together; some are lent now."""
        Care.objects.bulk_create(
            Care(owner=self.owner, garment=one, kind="washed", act=act, day=self.today - timedelta(days=ago))
            for ago in range(0, days, 7)
            for act in [uuid4()]
            for one in self.rng.sample(self.garments, 3)
        )  # fmt: skip
        Care.objects.bulk_create(
            Care(owner=self.owner, garment=one, kind="lent", whom="Ana", day=self.today)
            for one in self.garments[:LENT]
        )

    def keep_looks(self) -> None:
        looks = Look.objects.bulk_create(
            Look(owner=self.owner, name=f"Look {number}", picture=f"looks/{number}.webp")
            for number in range(LOOKS)
        )
        LookPiece.objects.bulk_create(
            LookPiece(look=look, garment=garment, position=at)
            for look in looks
            for at, garment in enumerate(self.rng.sample(self.garments, IN_OUTFIT))
        )
        LeftOut.objects.bulk_create(
            LeftOut(owner=self.owner, garment=one, kind="casual")
            for one in self.garments[:LEFT_OUT]
        )
        SharedPicture.objects.bulk_create(
            SharedPicture(owner=self.owner, suggestion=one, file=f"shared/{one.pk}.jpg")
            for one in self.suggestions[:LINKS]
        )

    def travel(self, days: int) -> None:
        """The last begins today."""
        for ago in range(0, days, TRIP_EVERY):
            first = self.today - timedelta(days=ago)
            last = first + timedelta(days=TRIP_DAYS - 1)
            trip = start_trip(self.owner, place=LISBON, starts_on=first, ends_on=last)
            packed = self.rng.sample(self.garments, PACKED)
            TripPiece.objects.bulk_create(TripPiece(trip=trip, garment=one) for one in packed)
            for occasion in trip.occasions.all():
                dress_occasion(occasion, [str(one.pk) for one in self.rng.sample(packed, 6)])
            if not ago:
                self.trip = trip
        Trip.objects.update(status="ready", is_planned=True)

    def subscribe(self) -> None:
        calendar = Subscription.objects.create(
            owner=self.owner, url="https://calendar.example/a.ics", name="Work", read_on=self.today
        )
        CalendarOccasion.objects.bulk_create(
            CalendarOccasion(
                owner=self.owner, subscription=calendar, key=f"{day} {hour}", kind="business",
                date=self.today + timedelta(days=day), title=f"Meeting {hour}",
                starts_at=time(hour), ends_at=time(hour + 1),
            )
            for day in range(28)
            for hour in (9, 11, 15)
        )  # fmt: skip

    def share_household(self) -> None:
        own = found_household(self.owner, name="Home", called="A")
        member = Member.objects.create(user=self.other, household=own.household, name="B")
        theirs = self.hang(self.other, HOUSEMATE_OWNS)
        asks = [(self.today - timedelta(days=ago), 0) for ago in range(SHOWN)]
        outfits = self.answer(self.other, theirs, asks)
        for of, owner, some in (
            (member, self.owner, self.garments[-HOUSEMATE_OWNS:]),
            (own, self.other, theirs),
        ):
            shelf = make_shelf(owner, name="Coats")
            put_on_shelf(shelf, some)
            share_shelf(shelf, {of: WEAR})
        ShownOutfit.objects.bulk_create(
            ShownOutfit(suggestion=one, owner=self.other) for one in outfits
        )
        shown = ShownOutfit.objects.bulk_create(
            ShownOutfit(suggestion=one, owner=self.owner) for one in self.suggestions[:SHOWN]
        )
        HouseholdOpinion.objects.bulk_create(
            HouseholdOpinion(shown=one, rater=self.other, verdict="good") for one in shown
        )

    def look_at_a_thing(self) -> None:
        question = {"format": "jpeg", "type": "", "price": "40", "currency": "EUR"}
        self.token = store.keep(self.owner, PHOTO.read_bytes(), question)
        judge_job(self.owner.pk, str(self.token))

    def list_addresses(self) -> Iterator[str]:
        """Of the pages that a wearer opens."""
        for span in ("season", "year", "all"):
            yield f"{reverse('styling:numbers')}?span={span}"
        for name in (
            "styling:numbers-missing",
            "styling:buying",
            "styling:trip-list",
            "styling:ask",
            "styling:history",
            "styling:calendars",
            "styling:notifications",
            "styling:looks",
            "styling:look-build",
            "styling:shared",
            "styling:profile",
            "feedback:learned",
            "feedback:household-outfits",
            "wardrobe:garment-list",
            "wardrobe:garment-select",
            "wardrobe:laundry",
            "wardrobe:household",
            "wardrobe:photo-upload",
            "own_data:own-data",
        ):
            yield reverse(name)
        yield reverse("styling:buying-answer", args=[self.token])
        outfit, piece = self.suggestions[0].pk, self.garments[0]
        yield f"{reverse('wardrobe:garment-list')}?q=navy+jeans"
        yield f"{reverse('wardrobe:garment-list')}?sort=colour&colour=navy"
        yield f"{reverse('styling:ask')}?start_from={piece.pk}"
        yield f"{reverse('styling:history')}?day={self.today}"
        yield f"{reverse('styling:history')}?month={self.today - timedelta(days=200):%Y-%m}"
        yield f"{reverse('styling:look-build')}?piece={piece.pk}&slot=bottom"
        for name in ("styling:outfit-detail", "styling:outfit-why", "styling:picture"):
            yield reverse(name, args=[outfit])
        yield reverse("feedback:wear-instead", args=[outfit])
        yield reverse("styling:day", args=[self.today.isoformat()])
        for name in ("styling:trip-detail", "styling:trip-edit"):
            yield reverse(name, args=[self.trip.pk])
        yield reverse("styling:look-detail", args=[Look.objects.earliest("created_at", "pk").pk])
        yield reverse("wardrobe:garment-detail", args=[piece.pk])
        yield reverse("wardrobe:photo-detail", args=[piece.photo_id])
