"""A wearer who has used all of it, and files of theirs."""

import io
import json
import zipfile
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from accounts.models import NotificationChoices, PushSubscription, User
from dresscode.own_data import transfers
from dresscode.own_data.archive import writing
from dresscode.own_data.models import Transfer
from feedback.models import (
    GarmentSignal,
    HouseholdOpinion,
    LearningChoices,
    PreferenceSignal,
    Rating,
    ShownOutfit,
    WornInstead,
)
from feedback.services.consents import give_consent
from registry.models import CallRequest, InferenceCall
from styling.models import (
    CalendarFeed,
    Event,
    LeftOut,
    Look,
    LookPiece,
    OccasionRule,
    OutfitPiece,
    Plan,
    Subscription,
    Suggestion,
    Trip,
    TripPiece,
)
from styling.services.profiles import get_profile
from styling.sharing.drawing import Wish
from styling.sharing.links import share
from styling.trips.service import dress_occasion, start_trip
from styling.weather.model import stated_weather
from styling.weather.places import Place
from tests.factories import make_call, make_garment, make_photo, make_user, make_version
from wardrobe.household.invitations import invite
from wardrobe.household.members import found_household
from wardrobe.household.shelves import make_shelf, put_on_shelf
from wardrobe.identity import hashes
from wardrobe.models import Care, Garment, Photo, PhotoAnswer, PhotoFeatures
from wardrobe.photos import ingestion, storage
from wardrobe.services.care import send_away
from wardrobe.services.garments import edit_garment
from wardrobe.services.wears import log_wear

COLOURS = ("#1f2a44", "#8b4513", "#556b2f")


def store_photo(owner: User, colour: str, **fields: Any) -> Photo:
    """A ready photo with the pictures that the product itself would have stored."""
    drawn = Image.effect_noise((240, 320), 40).convert("RGB")
    drawn.paste(colour, (40, 40, 200, 280))
    buffer = io.BytesIO()
    drawn.save(buffer, "PNG")
    renditions = ingestion.make_renditions(buffer.getvalue(), format="png")
    photo = make_photo(owner, **fields)
    photo.image.save("image.webp", ContentFile(renditions.image), save=False)
    photo.thumbnail.save("thumbnail.webp", ContentFile(renditions.thumbnail), save=False)
    picture = renditions.picture
    photo.width, photo.height = picture.size
    photo.pixel_sha256 = hashes.hash_pixels(picture)
    photo.perceptual_hash = hashes.hash_appearance(picture)
    photo.save()
    return photo


def close_call(call: InferenceCall, output: Any, **fields: Any) -> InferenceCall:
    """It succeeded."""
    told = {"outcome": "succeeded", "output": output, "finished_at": timezone.now(), **fields}
    InferenceCall.objects.filter(pk=call.pk).update(**told)
    call.refresh_from_db()
    return call


def keep_request(call: InferenceCall, owner: User, said: str) -> CallRequest:
    return CallRequest.objects.create(
        call=call,
        owner=owner,
        system="",
        user=said,
        schema={},
        picture_sha256s=[],
        context={"note": said},
    )


def describe(owner: User, colour: str, word: str) -> Garment:
    """A garment that a model saw on a photo, and its owner put right."""
    photo = store_photo(owner, colour)
    version = make_version()
    call = close_call(make_call(version, subject=f"photo:{photo.pk}"), {"garments": []})
    PhotoFeatures.objects.create(
        owner=owner,
        pixel_sha256=photo.pixel_sha256,
        version=version,
        engine="builtin",
        output={"garments": []},
        call=call,
    )
    garment = make_garment(
        owner,
        photo=photo,
        name=f"{word} shirt",
        brand=f"{word} brand",
        notes=f"{word} notes",
        price="19.90",
        currency="EUR",
        call=call,
        confidence={"type": 0.97, "material": 0.4},
        doubts=["material"],
        alternatives={"type": [{"value": "blouse", "confidence": 0.2, "is_finer": False}]},
    )
    crop = ingestion.make_crop(
        ingestion.read_picture(storage.read_file(photo.image.name), format="webp"), []
    )
    garment.image.save("crop.webp", ContentFile(crop))
    return edit_garment(garment, changes={"type": "blouse"})


def dress(owner: User, garments: list[Garment], word: str, **fields: Any) -> Suggestion:
    """An answer of the stylist's, with what it was asked."""
    event = Event.objects.create(
        owner=owner,
        kind="casual",
        date=owner.today - timedelta(days=1),
        starts_at=time(9),
        ends_at=time(17),
        place=f"{word} town",
        note=f"{word} note",
    )
    call = make_call(make_version("suggest_outfit"), subject=f"suggestion:{uuid4()}")
    suggestion = Suggestion.objects.create(
        owner=owner,
        request_key=uuid4(),
        event=event,
        status="ready",
        weather=stated_weather("mild", "dry").to_json(),
        known={
            "likes": f"{word} likes",
            "dislikes": "",
            "units": "metric",
            "sensitivity": 0,
            "repeat_days": 7,
        },  # fmt: skip
        candidates=[garment.pk for garment in garments],
        prose=f"{word} prose",
        reasons=[f"{word} reason"],
        events=[{"seq": 1, "type": "delta", "text": f"{word} prose"}],
        call=call,
        finished_at=timezone.now(),
        **fields,
    )
    close_call(
        call,
        {"prose": f"{word} prose", "pieces": []},
        subject=f"suggestion:{suggestion.pk}",
        violations=[{"code": "false_claim", "message": f"{word} message", "shown": True}],
    )
    keep_request(call, owner, f"{word} request")
    for position, garment in enumerate(garments):
        OutfitPiece.objects.create(
            suggestion=suggestion, garment=garment, position=position, slot=garment.slot
        )
    return suggestion


def make_wearer(email: str, word: str = "Plain", **fields: Any) -> User:
    """Photos (a view and a copy among them), three garments, two outfits, wears, words on everything. `word` stands in all that can be written."""
    owner = make_user(email, first_name=f"{word} name", **fields)
    give_consent(owner)
    EmailAddress.objects.get_or_create(user=owner, defaults={"email": email, "primary": True})
    profile = get_profile(owner)
    profile.place, profile.latitude, profile.longitude = f"{word} home", 41.1, -8.6
    profile.time_zone, profile.likes, profile.dislikes = "Europe/Lisbon", f"{word} likes", f"{word} dislikes"  # fmt: skip
    profile.sensitivity, profile.currency = -1, "EUR"
    profile.save()
    first, second = describe(owner, COLOURS[0], word), describe(owner, COLOURS[1], word)
    by_hand = make_garment(
        owner, name=f"{word} boots", slot="shoes", type="boots", wear_count=3, is_basic=True
    )
    assert first.photo and second.photo
    first.face = store_photo(owner, COLOURS[2], status="view", view_of=first, place=1)
    first.save(update_fields=["face"])
    Photo.objects.create(
        owner=owner,
        upload_key=uuid4(),
        status="duplicate",
        sha256="d" * 64,
        source_format="jpeg",
        source_bytes=1,
        duplicate_of=first.photo,
    )
    PhotoAnswer.objects.create(
        owner=owner,
        pixel_sha256=second.photo.pixel_sha256,
        original_sha256=first.photo.pixel_sha256,
        verdict="different",
    )
    worn = dress(owner, [first, by_hand], word, verdict="accepted", decided_at=timezone.now())
    other = dress(owner, [second], word, verdict="rejected", previous=worn)
    Rating.objects.create(suggestion=worn, owner=owner, verdict="accepted")
    Rating.objects.create(
        suggestion=other, owner=owner, verdict="rejected", reasons=["colours"], comment=f"{word} comment"
    )  # fmt: skip
    WornInstead.objects.create(suggestion=other, owner=owner).garments.set([by_hand])
    look = Look.objects.create(owner=owner, name=f"{word} look", suggestion=worn)
    LookPiece.objects.create(look=look, garment=by_hand, position=0)
    LeftOut.objects.create(owner=owner, garment=second, kind="casual")
    share(worn, Wish("square", with_names=True))
    Suggestion.objects.filter(pk=worn.pk).update(kept=[first.pk])
    signal = PreferenceSignal.objects.create(
        owner=owner,
        suggestion=other,
        kind="instead",
        features={"dark": 1.0},
        against={"light": 1.0},
        day=owner.today,
        about="Casual",
    )
    LearningChoices.objects.create(
        owner=owner,
        choices={"is_on": True, "since": 0, "forgotten": [], "lines": {"dark": {"strength": "more", "since": signal.pk}}},
    )  # fmt: skip
    GarmentSignal.objects.create(
        owner=owner, kind="confirmed", garment_key=first.pk, photo=first.photo, type="shirt", call=first.call
    )  # fmt: skip
    log_wear(first, day=owner.today - timedelta(days=3))
    keep_diary(owner, first, other, word)
    travel(owner, [first, by_hand], word)
    share_with_household(owner, by_hand, word)
    return owner


def share_with_household(owner: User, garment: Garment, word: str) -> None:
    """A household of their own, a shelf, and somebody invited by mail."""
    member = found_household(owner, name=f"{word} house", called=word)
    put_on_shelf(make_shelf(owner, name=f"{word} shelf"), [garment])
    invite(member, email=f"{word.lower()}@example.org")
    outfit = owner.suggestions.first()
    assert outfit
    shown = ShownOutfit.objects.create(suggestion=outfit, owner=owner)
    HouseholdOpinion.objects.create(shown=shown, rater=owner, verdict="good", words=f"{word} words")


def keep_diary(owner: User, garment: Garment, outfit: Suggestion, word: str) -> None:
    """Something lent, an outfit that was called off, another calendar with an event and a rule, what they want to be told."""
    send_away(garment, kind=Care.Kind.LENT, whom=f"{word} friend")
    Plan.objects.create(suggestion=outfit, owner=owner, called_off_at=timezone.now())
    one = Subscription.objects.create(owner=owner, url=f"https://example.org/{word}.ics", name=f"{word} calendar", etag=word, last_modified=word)  # fmt: skip
    one.occasions.create(owner=owner, key="k", title=f"{word} dinner", kind="casual", date=owner.today, starts_at=time(19), ends_at=time(22))  # fmt: skip
    OccasionRule.objects.create(owner=owner, words=f"{word} dinner", kind="casual")
    CalendarFeed.objects.create(owner=owner, secret_sha256=hashes.hash_file(f"{owner.pk}".encode()))
    NotificationChoices.objects.create(user=owner, morning=True, quiet_days=[6])
    PushSubscription.objects.create(
        user=owner, endpoint=f"https://push.example.org/{word}", endpoint_sha256=str(owner.pk), name=f"{word} phone"
    )  # fmt: skip


def travel(owner: User, garments: list[Garment], word: str) -> Trip:
    """Two days away, with a list of which one is ticked."""
    place = Place(f"{word} bay", 38.7, -9.1, "Europe/Lisbon", "Portugal")
    trip = start_trip(
        owner, place=place, starts_on=owner.today, ends_on=owner.today + timedelta(days=1)
    )
    for at, garment in enumerate(garments):
        TripPiece.objects.create(trip=trip, garment=garment, is_packed=at == 0)
    dress_occasion(trip.occasions.all()[0], [str(garment.pk) for garment in garments])
    Trip.objects.filter(pk=trip.pk).update(status="ready", is_planned=True)
    return trip


def export(owner: User) -> bytes:
    """The ZIP of a wearer."""
    file = io.BytesIO()
    writing.write_export(owner, file, lambda done: None)
    return file.getvalue()


def bring(owner: User, data: bytes) -> Transfer:
    """A file that somebody brings, read."""
    transfer = transfers.request_import(owner, ContentFile(data, name="mine.zip"))
    transfers.work_on(transfer.pk, seconds=60)
    transfer.refresh_from_db()
    return transfer


def take_in(owner: User, data: bytes) -> Transfer:
    """The same, taken in."""
    transfer = bring(owner, data)
    assert transfer.status == Transfer.Status.OFFERED, transfer.failure
    transfers.confirm_import(transfer)
    while transfers.work_on(transfer.pk, seconds=60):
        pass
    transfer.refresh_from_db()
    return transfer


def read_document(data: bytes) -> Any:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return json.loads(archive.read("dresscode.json"))


def rewrite(data: bytes, change: Any, **files: bytes) -> bytes:
    """The same ZIP with another document, and other files."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        document = json.loads(old.read("dresscode.json"))
        changed = change(document)
        new.writestr(
            "dresscode.json", changed if isinstance(changed, str) else json.dumps(document)
        )
        for name in old.namelist():
            if name != "dresscode.json":
                new.writestr(name, files.get(name.rpartition("/")[2], old.read(name)))
    return made.getvalue()
