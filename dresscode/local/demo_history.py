"""Two months of the demo wearer: what she asked, wore, turned down, wore instead and plans, and what she corrected.

The built-in stylist dresses her day after day; weather and occasions repeat. The same wardrobe on the same day makes the
same history.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.db.models import F

from accounts.models import User
from feedback.models import PreferenceSignal, Rating, WornInstead
from feedback.services.corrections import record_corrections
from registry.models import InferenceCall
from styling.models import Event, OutfitPiece, Suggestion
from styling.services.requests import get_window
from styling.stylist.context import Candidate, EventContext, OutfitContext
from styling.stylist.features import describe_outfit
from styling.tasks import OutfitAnswer, SuggestOutfit
from styling.weather.model import WeatherSnapshot, stated_weather
from styling.weather.places import Place
from wardrobe import vocabulary
from wardrobe.models import Garment, PhotoFeatures, Wear
from wardrobe.services.garments import FieldEdit
from wardrobe.services.wears import derive_counts, lock_garments
from wardrobe.tasks import DigitizeAnswer

DAYS = 61
PLANS = ((1, "business"), (4, "date_night"))
"""Days from today, and to what."""
WEEK = ("business", "casual", "business", "smart_casual", "business", "casual", "")
"""What she dresses for from Monday on; nothing on Sundays."""
WEATHER = ("chilly", "cold", "chilly", "chilly", "cold", "cold", "chilly")
RAIN = ("dry", "rainy", "dry", "drizzly", "dry")
REASONS = ("too_dressed_up", "colours", "too_dressed_up", "mood")
REJECTED_EVERY, INSTEAD_EVERY, WASHED_DAYS_AGO = 7, 11, 10
MORNING = time(7)
KNOWN = {
    "sensitivity": 0,
    "likes": "",
    "dislikes": "",
    "repeat_days": 7,
    "units": "metric",
    "in_wash": 0,
    "put_away": 0,
    "unreviewed": 0,
}
CORRECTIONS = 3
"""Garments of which she corrected what was seen otherwise."""
CORRECTED = ("type", "material", "pattern", "warmth", "formality")


@dataclass(frozen=True)
class Occasion:
    day: date
    kind: str
    number: int
    """From 0 for the first on."""
    is_planned: bool = False

    @property
    def is_rejected(self) -> bool:
        return not self.is_planned and self.number % REJECTED_EVERY == REJECTED_EVERY - 1

    @property
    def is_swapped(self) -> bool:
        return not self.is_planned and self.number % INSTEAD_EVERY == INSTEAD_EVERY - 2


def list_occasions(today: date) -> Iterator[Occasion]:
    days = [today - timedelta(days=back) for back in range(DAYS, 0, -1)]
    kinds = [(day, WEEK[day.weekday()]) for day in days if WEEK[day.weekday()]]
    for number, (day, kind) in enumerate(kinds):
        yield Occasion(day, kind, number)
    for number, (ahead, kind) in enumerate(PLANS, start=len(kinds)):
        yield Occasion(today + timedelta(days=ahead), kind, number, is_planned=True)


@dataclass(frozen=True)
class Answer:
    """One suggestion, what the stylist knew, and its pieces; `worn` are those that were worn instead."""

    suggestion: Suggestion
    context: OutfitContext
    pieces: tuple[Candidate, ...]
    verdict: Rating.Verdict
    reasons: tuple[str, ...] = ()
    worn: tuple[Candidate, ...] = ()

    @property
    def day(self) -> date:
        return self.suggestion.event.date

    @property
    def chosen(self) -> tuple[Candidate, ...]:
        """What she wore, or will."""
        return self.pieces if self.verdict == Rating.Verdict.ACCEPTED else self.worn


def make_history(wearer: User, home: Place) -> None:
    """Once, in a second or two of a core. Days begin at her home."""
    wearer.live_in(home.time_zone)
    if Suggestion.objects.for_owner(wearer).filter(request_key=name_request(0, 0)).exists():
        return
    answers = live_on(wearer, home)
    with transaction.atomic():
        save_answers(answers)
        save_opinions(wearer, answers)
        save_wears(wearer, answers)
        make_corrections(wearer)


def live_on(wearer: User, home: Place) -> list[Answer]:
    """Day after day: what was worn before counts for what is suggested next."""
    garments = Garment.objects.for_owner(wearer).wearable().order_by("created_at", "pk")
    words = vocabulary.current()
    wardrobe = {str(one.pk): Candidate.from_garment(one, words) for one in garments}
    answers: list[Answer] = []
    for occasion in list_occasions(wearer.today) if wardrobe else ():
        event = make_event(wearer, home, occasion)
        today = [ask(event, occasion, tuple(wardrobe.values()))]
        if today[0].verdict == Rating.Verdict.REJECTED and not today[0].worn:
            today.append(ask(event, occasion, tuple(wardrobe.values()), previous=today[0]))
        for piece in today[-1].chosen:
            wardrobe[piece.id] = replace(piece, last_worn_on=occasion.day)
        answers += today
    return answers


def ask(
    event: Event,
    occasion: Occasion,
    wardrobe: tuple[Candidate, ...],
    *,
    previous: Answer | None = None,
) -> Answer:
    """The built-in stylist's answer as of that morning, and what she makes of it; the second one is worn."""
    weather = stated_weather(
        WEATHER[occasion.number % len(WEATHER)], RAIN[occasion.number % len(RAIN)]
    )
    suggestion = Suggestion(
        owner=event.owner,
        request_key=name_request(occasion.number, 1 if previous else 0),
        event=event,
        previous=previous.suggestion if previous else None,
        status=Suggestion.Status.READY,
        weather=weather.to_json(),
        no_forecast="past",
        known=KNOWN | {"owned": len(wardrobe), "wearable": len(wardrobe)},
        candidates=[UUID(piece.id) for piece in wardrobe],
        seed=occasion.number,
        events=[{"seq": 1, "type": "done", "status": "ready"}],
    )
    context = read_context(suggestion, weather, wardrobe, previous)
    answer = OutfitAnswer.model_validate_json("".join(SuggestOutfit().offline(context, {})))
    suggestion.prose, suggestion.reasons = answer.prose, answer.reasons
    suggestion.missing = answer.missing
    by_id = {piece.id: piece for piece in wardrobe}
    pieces = tuple(by_id[piece.garment_id] for piece in answer.pieces)
    return judge(Answer(suggestion, context, pieces, Rating.Verdict.ACCEPTED), occasion)


def read_context(
    suggestion: Suggestion,
    weather: WeatherSnapshot,
    wardrobe: tuple[Candidate, ...],
    previous: Answer | None,
) -> OutfitContext:
    event, words = suggestion.event, vocabulary.current()
    starts, ends = get_window(event, event.time_zone)
    return OutfitContext(
        event=EventContext.of(event.kind, starts=starts, ends=ends, note="", words=words),
        weather=weather,
        wardrobe=wardrobe,
        today=event.date,
        avoid=frozenset({frozenset(one.id for one in previous.pieces)} if previous else ()),
        seed=suggestion.seed,
        words=words,
    )


def judge(answer: Answer, occasion: Occasion) -> Answer:
    """Now and then the first answer is turned down, and now and then another piece was worn."""
    rejected = Rating.Verdict.REJECTED
    if answer.suggestion.previous is not None:
        return answer
    if occasion.is_rejected:
        reason = REASONS[occasion.number // REJECTED_EVERY % len(REASONS)]
        return replace(answer, verdict=rejected, reasons=(reason,))
    worn = swap_one(answer) if occasion.is_swapped else ()
    return replace(answer, verdict=rejected, worn=worn) if worn else answer


def swap_one(answer: Answer) -> tuple[Candidate, ...]:
    """The outfit with its first piece for another of the same slot; nothing where there is none."""
    for piece in answer.pieces:
        for other in answer.context.wardrobe:
            if other.slot == piece.slot and other not in answer.pieces:
                return tuple(other if one == piece else one for one in answer.pieces)
    return ()


def make_event(wearer: User, home: Place, occasion: Occasion) -> Event:
    is_evening = occasion.kind == "date_night"
    return Event(
        owner=wearer,
        kind=occasion.kind,
        date=occasion.day,
        starts_at=time(19) if is_evening else time(9),
        ends_at=time(23) if is_evening else time(17),
        place=home.label,
        latitude=round(home.latitude, 1),
        longitude=round(home.longitude, 1),
        time_zone=home.time_zone,
        created_at=datetime.combine(min(occasion.day, wearer.today), MORNING, wearer.zone),
    )


def name_request(number: int, try_: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"demo/outfit/{number}/{try_}")


def save_answers(answers: Sequence[Answer]) -> None:
    """Those of one event lie a minute apart."""
    suggestions = [answer.suggestion for answer in answers]
    Event.objects.bulk_create({id(one.event): one.event for one in suggestions}.values())
    for one in suggestions:
        later = timedelta(minutes=1) if one.previous else timedelta()
        one.created_at = one.finished_at = one.decided_at = one.event.created_at + later
        one.event_id = one.event.pk
    for answer in answers:
        answer.suggestion.verdict = Suggestion.Verdict(answer.verdict)
    Suggestion.objects.bulk_create(suggestions)
    OutfitPiece.objects.bulk_create(
        OutfitPiece(
            suggestion=answer.suggestion,
            garment_id=piece.id,
            position=position,
            slot=piece.slot,
        )
        for answer in answers
        for position, piece in enumerate(answer.pieces)
    )


def save_opinions(wearer: User, answers: Sequence[Answer]) -> None:
    """What she said, and what is learned from it."""
    said = {"owner": wearer}
    ratings = [
        Rating(
            suggestion=answer.suggestion,
            verdict=answer.verdict,
            reasons=list(answer.reasons),
            created_at=answer.suggestion.created_at,
            **said,
        )
        for answer in answers
    ]
    Rating.objects.bulk_create(ratings)
    Rating.objects.filter(pk__in=[one.pk for one in ratings]).update(updated_at=F("created_at"))
    for answer in answers:
        if answer.worn:
            instead = WornInstead.objects.create(suggestion=answer.suggestion, **said)
            worn = [piece.id for piece in answer.worn]
            instead.garments.set(Garment.objects.filter(pk__in=worn))
    PreferenceSignal.objects.bulk_create(make_signal(answer) for answer in answers)


def make_signal(answer: Answer) -> PreferenceSignal:
    kinds, context = PreferenceSignal.Kind, answer.context
    suggested = describe_outfit(answer.pieces, context)
    worn = describe_outfit(answer.worn, context) if answer.worn else {}
    return PreferenceSignal(
        owner=answer.suggestion.owner,
        suggestion=answer.suggestion,
        kind=kinds.INSTEAD if worn else kinds(answer.verdict),
        features=worn or suggested,
        against=suggested if worn else {},
        reasons=list(answer.reasons),
        day=answer.day,
        about=context.event.label,
        created_at=answer.suggestion.created_at,
    )


def save_wears(wearer: User, answers: Sequence[Answer]) -> None:
    """All that was worn until ten days ago has been washed since."""
    washed_on = wearer.today - timedelta(days=WASHED_DAYS_AGO)
    wears = [
        Wear(
            owner=wearer,
            garment_id=UUID(piece.id),
            day=answer.day,
            source=Wear.Source.INSTEAD if answer.worn else Wear.Source.ACCEPTED,
            origin=answer.suggestion.pk,
            is_washed=answer.day < washed_on,
            created_at=answer.suggestion.created_at,
        )
        for answer in answers
        for piece in answer.chosen
    ]
    keys = {wear.garment_id for wear in wears}
    lock_garments(keys)
    Wear.objects.bulk_create(wears)
    Garment.objects.filter(pk__in=keys).update(washed_on=washed_on)
    derive_counts(keys, today=wearer.today)


def make_corrections(wearer: User) -> None:
    """What the engine saw otherwise than it is, on some photos, as if the wearer had changed it.

    The calls are those that looked at the photos when the demo was filled. A mistaken type or material, of which the
    networks can learn, goes before what they cannot.
    """
    garments = Garment.objects.for_owner(wearer).filter(call=None, photo__isnull=False)
    looks = [look_up(one) for one in garments.select_related("photo").order_by("created_at", "pk")]
    mistaken = [one for one in looks if one and one.edits]
    for look in sorted(mistaken, key=lambda one: CORRECTED.index(one.edits[0].field))[:CORRECTIONS]:
        garment = look.garment
        garment.call = look.call
        garment.model_values = {edit.field: edit.model_value for edit in look.edits}
        garment.confidence = {edit.field: edit.confidence for edit in look.edits}
        garment.save(update_fields=["call", "model_values", "confidence", "updated_at"])
        record_corrections(garment=garment, edits=look.edits)


@dataclass(frozen=True)
class Look:
    """A settled garment, the call that looked at its photo, and what that saw otherwise, in the order of CORRECTED."""

    garment: Garment
    call: InferenceCall
    edits: list[FieldEdit]


def look_up(garment: Garment) -> Look | None:
    """None where its photo was not looked at, or shows more than one garment."""
    if garment.photo is None:
        return None
    known = PhotoFeatures.objects.filter(
        owner=garment.owner, pixel_sha256=garment.photo.pixel_sha256
    )
    features = known.select_related("call__version").first()
    seen = DigitizeAnswer.model_validate(features.output).garments if features else []
    if features is None or len(seen) != 1:
        return None
    edits = [
        FieldEdit(name, told, said, seen[0].confidence[name])
        for name in CORRECTED
        if seen[0].confidence.get(name)
        and (told := getattr(seen[0], name)) != (said := getattr(garment, name))
    ]
    return Look(garment, features.call, edits)
