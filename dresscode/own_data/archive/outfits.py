"""Outfits of a document with what was said of them, and what that taught, taken in: nobody's call made them here."""

from django.db import transaction

from accounts.days import read_zone
from accounts.models import User
from dresscode.own_data.archive.document import Document, OutfitRecord
from dresscode.own_data.archive.plan import Plan, find_own
from feedback.models import LearningChoices, PreferenceSignal, Rating, WornInstead
from styling.learning.lines import Choices, LineChoice
from styling.models import Event, OutfitPiece, Suggestion
from styling.models import Plan as CalendarPlan
from styling.services.profiles import get_profile
from styling.stylist.features import NAMES
from wardrobe.models import Garment

KNOWN = ("sensitivity", "likes", "dislikes", "repeat_days", "units")
"""What is told of the wearer of an outfit that came from elsewhere: what the page of it asks for."""


@transaction.atomic
def take_outfit(owner: User, document: Document, plan: Plan, record: OutfitRecord) -> None:
    """The answer with its pieces and all that was said of it. Nobody's call made it here: it counts for no version."""
    pieces = {plan.garments.get(piece.garment): piece for piece in record.pieces}
    named = Garment.objects.for_owner(owner).filter(pk__in=[key for key in pieces if key])
    there = {*named.values_list("pk", flat=True)}
    profile = get_profile(owner)
    suggestion = Suggestion(
        id=plan.outfits[record.id],
        owner=owner,
        request_key=record.request_key,
        event=find_occasion(owner, document, plan, record),
        previous_id=find_own(Suggestion, owner, plan.outfits, record.previous),
        start_from_id=find_own(Garment, owner, plan.garments, record.start_from),
        **{
            name: [
                key
                for one in getattr(record, name)
                if (key := find_own(Garment, owner, plan.garments, one))
            ]
            for name in ("kept", "without")
        },
        status=record.status,
        verdict=record.verdict,
        weather=record.weather.model_dump(mode="json") if record.weather else {},
        known={name: getattr(profile, name) for name in KNOWN},
        **{
            name: getattr(record, name)
            for name in ("no_forecast", "prose", "reasons", "missing", "failure")
        },
        finished_at=record.finished_at or record.asked_at,
        decided_at=record.decided_at,
    )
    suggestion.candidates = [key for key in pieces if key in there]
    suggestion.save(force_insert=True)
    Suggestion.objects.filter(pk=suggestion.pk).update(created_at=record.asked_at)
    OutfitPiece.objects.bulk_create(
        OutfitPiece(suggestion=suggestion, garment_id=key, position=piece.position, slot=piece.slot)
        for key, piece in pieces.items()
        if key in there
    )
    if record.called_off_at or record.is_copy:
        CalendarPlan.objects.create(
            suggestion=suggestion,
            owner=owner,
            called_off_at=record.called_off_at,
            is_copy=record.is_copy,
        )
    take_word(owner, plan, suggestion, record)


def find_occasion(owner: User, document: Document, plan: Plan, record: OutfitRecord) -> Event:
    """That of an outfit of the same occasion which is there already; else a new one."""
    siblings = [
        plan.outfits[one.id]
        for one in document.outfits
        if one.occasion == record.occasion and one.id in plan.outfits
    ]
    event = Event.objects.filter(owner=owner, suggestions__in=siblings).first()
    if event:
        return event
    told = next(one for one in document.occasions if one.key == record.occasion)
    fields = told.model_dump(exclude={"key"})
    return Event.objects.create(
        owner=owner, **{**fields, "time_zone": read_zone(told.time_zone) or "UTC"}
    )


def take_word(owner: User, plan: Plan, suggestion: Suggestion, record: OutfitRecord) -> None:
    """What its wearer said of it and wore instead, and what that taught."""
    if record.said:
        reasons = [one for one in record.said.reasons if one in Rating.Reason.values]
        Rating.objects.create(
            suggestion=suggestion,
            owner=owner,
            verdict=record.said.verdict,
            reasons=reasons,
            comment=record.said.comment,
        )
    worn = [
        key for one in record.worn_instead if (key := find_own(Garment, owner, plan.garments, one))
    ]
    if worn:
        instead = WornInstead.objects.create(suggestion=suggestion, owner=owner)
        instead.garments.set(Garment.objects.filter(pk__in=worn))
    if signal := record.signal:
        features, against = (
            {name: value for name, value in side.items() if name in NAMES}
            for side in (signal.features, signal.against)
        )
        PreferenceSignal.objects.create(
            suggestion=suggestion,
            owner=owner,
            features=features,
            against=against,
            **signal.model_dump(exclude={"number", "features", "against"}),
        )


@transaction.atomic
def take_learning(owner: User, document: Document) -> None:
    """What was decided of what was learned, where nothing is decided here; by the numbers that the signals got here."""
    told = document.learning
    if told is None or LearningChoices.objects.filter(owner=owner).exists():
        return
    numbers = {one.signal.number: one.request_key for one in document.outfits if one.signal}
    signals = PreferenceSignal.objects.filter(owner=owner)
    here = dict(signals.values_list("suggestion__request_key", "pk"))

    def find(number: int) -> int:
        """The newest signal here of those up to a number there."""
        return max((here.get(key, 0) for old, key in numbers.items() if old <= number), default=0)

    forgotten = [here[numbers[old]] for old in told.forgotten if numbers.get(old) in here]
    choices = Choices(
        is_on=told.is_on,
        since=find(told.since),
        forgotten=tuple(sorted(forgotten)),
        lines={
            name: LineChoice(strength=line.strength, since=find(line.since))
            for name, line in told.lines.items()
            if name in NAMES
        },
    )
    LearningChoices.objects.create(owner=owner, choices=choices.model_dump(mode="json"))
