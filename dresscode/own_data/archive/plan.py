"""What of a document is new to a wearer, and under which keys it comes in. The same plan is shown before, and carried out.

A row keeps its key where that is free. Where the key is another wearer's, as when the same file is taken into two
accounts of one site, it gets one that follows from the key and the account: a second import finds the first one's rows.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Model

from accounts.models import User
from dresscode.own_data.archive.document import (
    Document,
    GarmentRecord,
    OutfitRecord,
    PhotoRecord,
    WearRecord,
)
from styling.models import Profile, Suggestion
from wardrobe import vocabulary
from wardrobe.models import Garment, Photo, PhotoAnswer, Wear

NAMESPACE = UUID("8a0f1d52-3c57-4b0e-9a54-6d1c9a4f7be1")
WearKey = tuple[UUID, date | None, UUID | None, str, int, bool]


@dataclass
class Plan:
    """Keys of the document against keys of the account. `new_` are the rows that are not there yet."""

    photos: dict[UUID, UUID] = field(default_factory=dict)
    garments: dict[UUID, UUID] = field(default_factory=dict)
    outfits: dict[UUID, UUID] = field(default_factory=dict)
    new_photos: list[PhotoRecord] = field(default_factory=list)
    new_garments: list[GarmentRecord] = field(default_factory=list)
    new_outfits: list[OutfitRecord] = field(default_factory=list)
    new_wears: list[WearRecord] = field(default_factory=list)
    new_answers: list[Any] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    takes_profile: bool = False

    @property
    def new(self) -> dict[str, int]:
        return {
            "photos": len(self.new_photos),
            "garments": len(self.new_garments),
            "outfits": len(self.new_outfits),
            "wears": len(self.new_wears),
            "answers": len(self.new_answers),
        }

    @property
    def steps(self) -> int:
        """How many rows are to be made one by one."""
        return len(self.new_photos) + len(self.new_garments) + len(self.new_outfits)

    def as_counts(self) -> dict[str, Any]:
        """For the row of the import."""
        return {
            "new": self.new,
            "known": {kind: self.known[kind] for kind in self.new},
            "left_out": dict(self.left_out),
            "takes_profile": self.takes_profile,
        }


def make_plan(owner: User, document: Document) -> Plan:
    plan = Plan()
    plan_photos(owner, document, plan)
    plan_garments(owner, document, plan)
    plan_outfits(owner, document, plan)
    plan_wears(owner, document, plan)
    plan_answers(owner, document, plan)
    plan.takes_profile = document.profile is not None and not has_own_profile(owner)
    return plan


def choose_keys(model: type[Model], owner: User, keys: Collection[UUID]) -> dict[UUID, UUID]:
    """A key of the account for each of the document: its own where it is free or the wearer's."""
    taken = model._default_manager.filter(pk__in=keys).exclude(owner=owner)
    foreign = {*taken.values_list("pk", flat=True)}
    return {key: uuid5(NAMESPACE, f"{owner.pk}:{key}") if key in foreign else key for key in keys}


def find_there(model: type[Model], owner: User, keys: Iterable[UUID]) -> set[UUID]:
    rows = model._default_manager.filter(owner=owner, pk__in=list(keys))
    return {*rows.values_list("pk", flat=True)}


def find_own(
    model: type[Model], owner: User, keys: Mapping[UUID, UUID], key: UUID | None
) -> UUID | None:
    """What `key` of the document is here, as far as it is the account's and there by now."""
    found = keys.get(key) if key else None
    return found if found and find_there(model, owner, [found]) else None


def plan_photos(owner: User, document: Document, plan: Plan) -> None:
    """A photo is there if its key is, or its pixels are; one that was never looked at, if its file is."""
    keys = choose_keys(Photo, owner, [one.id for one in document.photos])
    there = find_there(Photo, owner, keys.values())
    own = Photo.objects.for_owner(owner)
    pixels = dict(own.comparable().exclude(pixel_sha256="").values_list("pixel_sha256", "pk"))
    files = dict(own.exclude(status=Photo.Status.FAILED).values_list("sha256", "pk"))
    uploads = dict(own.values_list("upload_key", "pk"))
    for one in document.photos:
        known = keys[one.id] if keys[one.id] in there else None
        known = known or pixels.get(one.pixel_sha256) or uploads.get(one.upload_key)
        known = known or files.get(one.sha256)
        plan.photos[one.id] = known or keys[one.id]
        if known:
            plan.known["photos"] += 1
        elif one.image or one.upload or one.duplicate_of or one.view_of:
            plan.new_photos.append(one)
            files[one.sha256] = uploads[one.upload_key] = keys[one.id]
        else:
            plan.left_out["photos"] += 1


def plan_garments(owner: User, document: Document, plan: Plan) -> None:
    """A garment is there if its key is, or the garment of that number of its photo."""
    keys = choose_keys(Garment, owner, [one.id for one in document.garments])
    there = find_there(Garment, owner, keys.values())
    own = Garment.objects.for_owner(owner).filter(photo__isnull=False)
    places = {
        (photo, ordinal): pk for photo, ordinal, pk in own.values_list("photo", "ordinal", "pk")
    }
    types = vocabulary.terms("type")
    for one in document.garments:
        photo = plan.photos.get(one.photo) if one.photo else None
        known = keys[one.id] if keys[one.id] in there else None
        if photo and not known:
            known = places.get((photo, one.ordinal))
        if known:
            plan.garments[one.id] = known
            plan.known["garments"] += 1
        elif one.type not in types:
            plan.left_out["garments"] += 1
        else:
            plan.garments[one.id] = keys[one.id]
            plan.new_garments.append(one)
            if photo:
                places[(photo, one.ordinal)] = keys[one.id]


def plan_outfits(owner: User, document: Document, plan: Plan) -> None:
    keys = choose_keys(Suggestion, owner, [one.id for one in document.outfits])
    own = Suggestion.objects.for_owner(owner)
    there = find_there(Suggestion, owner, keys.values())
    requests = dict(own.values_list("request_key", "pk"))
    events = vocabulary.terms("event")
    kinds = {one.key: one.kind for one in document.occasions}
    for one in document.outfits:
        known = keys[one.id] if keys[one.id] in there else requests.get(one.request_key)
        if known:
            plan.outfits[one.id] = known
            plan.known["outfits"] += 1
        elif kinds[one.occasion] not in events:
            plan.left_out["outfits"] += 1
        else:
            plan.outfits[one.id] = requests[one.request_key] = keys[one.id]
            plan.new_outfits.append(one)


def plan_wears(owner: User, document: Document, plan: Plan) -> None:
    """A wear is there if the log has that garment on that day from that outfit."""
    own = Wear.objects.for_owner(owner)
    rows = own.values_list("garment", "day", "origin", "source", "times", "is_washed")
    there = Counter(make_wear_key(*row) for row in rows)
    for one in document.wears:
        key = key_of_wear(one, plan)
        if key is None or (one.source != "earlier" and one.day is None):
            plan.left_out["wears"] += 1
        elif there[key] > 0:
            there[key] -= one.source == "earlier"
            plan.known["wears"] += 1
        else:
            plan.new_wears.append(one)
            there[key] += one.source != "earlier"


def key_of_wear(wear: WearRecord, plan: Plan) -> WearKey | None:
    """None where its garment stays out."""
    garment = plan.garments.get(wear.garment)
    if garment is None:
        return None
    origin = plan.outfits.get(wear.outfit, wear.outfit) if wear.outfit else None
    return make_wear_key(garment, wear.day, origin, wear.source, wear.times, wear.is_washed)


def make_wear_key(
    garment: UUID, day: date | None, origin: UUID | None, source: str, times: int, is_washed: bool
) -> WearKey:
    """What the database holds to be the same wear; of before there was a log, all that is told of it."""
    if source != Wear.Source.EARLIER:
        return garment, day, origin, "", 1, False
    return garment, day, None, source, times, is_washed


def plan_answers(owner: User, document: Document, plan: Plan) -> None:
    own = PhotoAnswer.objects.filter(owner=owner)
    there = {*own.values_list("pixel_sha256", "original_sha256")}
    for one in document.answers:
        key = (one.pixel_sha256, one.original_sha256)
        if key in there:
            plan.known["answers"] += 1
        else:
            plan.new_answers.append(one)
            there.add(key)


def has_own_profile(owner: User) -> bool:
    """Whether the wearer has told this site anything about themselves: then that stays."""
    profile = Profile.objects.filter(user=owner).first()
    if profile is None:
        return False
    told = (profile.place, profile.likes, profile.dislikes, profile.sensitivity)
    usual = Profile._meta.get_field("repeat_days").default
    is_usual = profile.units == Profile.Units.METRIC and profile.repeat_days == usual
    return any(told) or not is_usual
