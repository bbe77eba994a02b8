"""Carrying a plan out, row by row: what is there already is passed by, so that it may be broken off and begun again.

Files come before the rows that name them, as everywhere: a crash leaves a file that the sweep removes.
"""

import time
from collections.abc import Callable, Iterator

from django.db import transaction

from accounts.days import read_zone
from accounts.models import User
from dresscode.own_data.archive.diaries import take_diary
from dresscode.own_data.archive.document import Document
from dresscode.own_data.archive.garments import take_garment, take_photo
from dresscode.own_data.archive.looks import take_left_out, take_looks
from dresscode.own_data.archive.outfits import take_learning, take_outfit
from dresscode.own_data.archive.plan import Plan, find_own, key_of_wear
from dresscode.own_data.archive.reading import Archive
from dresscode.own_data.archive.trips import take_trips
from dresscode.own_data.archive.writing import PROFILE
from styling.models import Profile
from styling.services.profiles import get_profile, live_in
from wardrobe.models import Garment, Photo, PhotoAnswer, Wear
from wardrobe.services.wears import derive_counts, lock_garments


def take_in(
    owner: User,
    archive: Archive,
    plan: Plan,
    *,
    until: float,
    tell: Callable[[int], None],
) -> bool:
    """Make the rows that a plan has as new; False where the time (`time.monotonic`) is up before all is done.

    Raises ArchiveError for what the document promised and the ZIP does not hold.
    """
    take_profile(owner, archive.document, plan)
    for done, step in enumerate(list_steps(owner, archive, plan)):
        step()
        tell(done + 1)
        if time.monotonic() > until:
            return False
    take_faces(owner, plan)
    take_wears(owner, plan)
    take_answers(owner, plan)
    take_looks(owner, archive.document, plan)
    take_left_out(owner, archive.document, plan)
    take_trips(owner, archive.document, plan)
    take_learning(owner, archive.document)
    take_diary(owner, archive.document, plan)
    return True


def list_steps(owner: User, archive: Archive, plan: Plan) -> Iterator[Callable[[], None]]:
    """One for each row. Photos that repeat others, or show garments, come after these."""
    repeats = [one for one in plan.new_photos if one.duplicate_of or one.view_of]
    others = [one for one in plan.new_photos if not (one.duplicate_of or one.view_of)]
    for photo in others:
        yield lambda photo=photo: take_photo(owner, archive, plan, photo)  # type: ignore[misc]
    for garment in plan.new_garments:
        yield lambda garment=garment: take_garment(owner, archive, plan, garment)  # type: ignore[misc]
    for photo in repeats:
        yield lambda photo=photo: take_photo(owner, archive, plan, photo)  # type: ignore[misc]
    for outfit in plan.new_outfits:
        yield lambda outfit=outfit: take_outfit(owner, archive.document, plan, outfit)  # type: ignore[misc]


def take_faces(owner: User, plan: Plan) -> None:
    """Which photo of a new garment is shown first: one of its own."""
    for garment in plan.new_garments:
        view = find_own(Photo, owner, plan.photos, garment.face)
        key = plan.garments[garment.id]
        if view and Photo.objects.filter(pk=view, view_of=key).exists():
            Garment.objects.for_owner(owner).filter(pk=key).update(face=view)


@transaction.atomic
def take_wears(owner: User, plan: Plan) -> None:
    """The log, and what follows from it for the garments."""
    there = {*Garment.objects.for_owner(owner).values_list("pk", flat=True)}
    keys = {plan.garments[one.garment] for one in plan.new_wears} & there
    lock_garments(keys)
    made = []
    for one in plan.new_wears:
        key = key_of_wear(one, plan)
        if key is None or key[0] not in keys:
            continue
        is_earlier = one.source == "earlier"
        made.append(
            Wear(
                owner=owner,
                garment_id=key[0],
                day=one.day,
                times=one.times if is_earlier else 1,
                source=one.source,
                origin=None if is_earlier else key[2],
                is_planned=one.is_planned and not is_earlier,
                is_washed=one.is_washed,
            )
        )
    Wear.objects.bulk_create(made, ignore_conflicts=True, batch_size=1000)
    derive_counts(keys, today=owner.today)


def take_answers(owner: User, plan: Plan) -> None:
    PhotoAnswer.objects.bulk_create(
        [PhotoAnswer(owner=owner, **one.model_dump()) for one in plan.new_answers],
        ignore_conflicts=True,
        batch_size=1000,
    )


@transaction.atomic
def take_profile(owner: User, document: Document, plan: Plan) -> None:
    """Where the wearer has told nothing here."""
    told = document.profile
    if not plan.takes_profile or told is None:
        return
    profile: Profile = get_profile(owner)
    for name in PROFILE:
        setattr(profile, name, getattr(told, name))
    profile.time_zone = read_zone(told.time_zone) or "UTC"
    for name in ("latitude", "longitude"):
        value = getattr(told, name)
        setattr(profile, name, None if value is None else round(value, 1))
    profile.save()
    if profile.has_zone:
        live_in(owner, profile.time_zone)
