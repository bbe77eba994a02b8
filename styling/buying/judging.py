"""What a photo of something new shows, what it is like, and what it would add.

The built-in eye looks at it, whoever describes the wardrobe's photos: every question to a model leaves a row.
"""

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy
from PIL import Image

from accounts.models import User
from registry.models import PromptVersion
from registry.prompts import live_versions
from registry.prompts.runnable import require_runnable
from styling.numbers.additions import count_addition, make_counters
from styling.numbers.reading import read_candidates
from styling.services.profiles import get_profile
from styling.stylist.context import Candidate
from wardrobe import vocabulary
from wardrobe.models import Garment, Photo, Wear
from wardrobe.photos import apart, ingestion
from wardrobe.photos.formats import UnreadablePhotoError
from wardrobe.prices.currencies import say_money
from wardrobe.services.dependents import fill_in_usual
from wardrobe.services.embeddings import cut_out
from wardrobe.services.garment_builder import describe_garments, name_garment
from wardrobe.services.garments import call
from wardrobe.similarity.extractors import builtin_extractor
from wardrobe.similarity.search import find_like
from wardrobe.tasks import DigitizeAnswer, DigitizeContext, DigitizePhoto

NEAREST = 4
YEAR = 365
LEAST_DAYS = 30
"""A piece that hangs there for less tells nothing of a year."""
NO_GARMENT = gettext_lazy("No piece of clothing could be made out. Try a photo of it alone.")


@dataclass(frozen=True)
class Near:
    """A piece of the wardrobe that is like it. `is_double`: the same kind in the same colour, and looks alike."""

    garment: str
    why: str
    is_double: bool


@dataclass(frozen=True)
class Forecast:
    """What a wear would cost, if it were worn as often as `pieces` pieces of its kind were."""

    price: str
    wears: float
    pieces: int
    first: str
    second: str


@dataclass(frozen=True)
class Verdict:
    """`best` more outfits are right in the situation `at`, `total` over all `situations`, of which `helps` gain any."""

    name: str
    type: str
    others: list[str]
    near: list[Near]
    best: int
    total: int
    helps: int
    situations: int
    at: dict[str, str] | None
    forecast: Forecast | None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def judge_photo(owner: User, data: bytes, question: dict[str, str]) -> tuple[Verdict, bytes]:
    """The verdict and a small picture. Raises UnreadablePhotoError, OtherReleaseError; writes nothing."""
    picture, _ = apart.read_upload(data, format=question["format"])
    renditions = ingestion.render_picture(picture)
    seen = look_at(owner, renditions.image)
    if not seen:
        raise UnreadablePhotoError("no_garment", str(NO_GARMENT))
    garment = max(seen, key=lambda one: one.box[2] * one.box[3] if one.box else 1.0)
    if question["type"]:
        rename(garment, question["type"])
    verdict = weigh(owner, garment, picture, question)
    others = [call(one) for one in seen if one is not garment]
    return Verdict(**{**vars(verdict), "others": others}), renditions.thumbnail


def look_at(owner: User, image: bytes) -> list[Garment]:
    """Unsaved garments, as the built-in eye of the wearer's version sees them."""
    live = live_versions.resolve(DigitizePhoto.name, owner.pk, certain=True)
    is_builtin = live.engine == "builtin"
    if is_builtin:
        require_runnable(DigitizePhoto(), live)
    version = PromptVersion.objects.get(pk=live.version_id) if is_builtin else None
    parameters = version.parameters if version else {}
    told = "".join(DigitizePhoto().offline(DigitizeContext.of(image), parameters))
    photo = Photo(id=uuid4(), owner=owner)
    answer = DigitizeAnswer.model_validate(json.loads(told))
    return describe_garments(photo, answer, parameters, vocabulary.current())


def rename(garment: Garment, type_: str) -> None:
    """What its wearer calls it, with what is usual for that."""
    words = vocabulary.current()
    garment.type, garment.slot = type_, vocabulary.slot_of(type_)
    garment.confidence, garment.edited_fields = {}, ["type", "colours", "pattern"]
    for name in ("warmth", "layering", "formality", "material", "fit", "sleeve", "length"):
        setattr(garment, name, "")
    garment.seasons, garment.water_resistant = [], False
    fill_in_usual(garment)
    garment.name = name_garment(type_, garment.pattern, garment.colours, words)


def weigh(owner: User, garment: Garment, picture: Image.Image, question: dict[str, str]) -> Verdict:
    """Beside what hangs there already."""
    words = vocabulary.current()
    piece = Candidate.from_garment(garment, words)
    sensitivity = get_profile(owner).sensitivity
    counters = make_counters(read_candidates(owner), words, sensitivity=sensitivity)
    now = {one: counter.count() for one, counter in counters.items()}
    found = count_addition(piece, counters, now)
    return Verdict(
        name=call(garment),
        type=garment.type,
        others=[],
        near=find_near(owner, garment, picture),
        best=found.best if found else 0,
        total=found.total if found else 0,
        helps=found.helps if found else 0,
        situations=len(counters),
        at=asdict(found.at) if found else None,
        forecast=forecast(owner, garment, question),
    )


def find_near(owner: User, garment: Garment, picture: Image.Image) -> list[Near]:
    """By vectors of the built-in extractor, which every photo of the wardrobe has."""
    extractor = builtin_extractor()
    vector = extractor.embed(cut_out(picture, garment.box))
    return [
        Near(
            str(other.pk),
            why,
            is_double=is_double(garment, other, distance, extractor.alike_distance),
        )
        for other, why, distance in find_like(owner, garment, vector, extractor, limit=NEAREST)
    ]


def is_double(
    garment: Garment, other: Garment, distance: float | None, alike_distance: float
) -> bool:
    is_same = garment.type == other.type and garment.main_colour == other.main_colour
    return is_same and (distance is None or distance <= alike_distance)


def forecast(owner: User, garment: Garment, question: dict[str, str]) -> Forecast | None:
    """None without a price, and where nothing of its kind was there long enough to tell."""
    if not question["price"]:
        return None
    price, currency = Decimal(question["price"]), question["currency"]
    wears, pieces = count_yearly(owner, type=garment.type)
    if not pieces:
        wears, pieces = count_yearly(owner, slot=garment.slot)
    said = say_money(price, currency)
    if not pieces or wears < 0.5:
        return Forecast(said, round(wears, 1), pieces, "", "")
    after = [say_money(price / Decimal(wears * years), currency) for years in (1, 2)]
    return Forecast(said, round(wears, 1), pieces, *after)


def count_yearly(owner: User, **kind: str) -> tuple[float, int]:
    """How often a year a piece of a kind was worn, at the mean of those that hang there long enough; and how many do."""
    today = owner.today
    ages = {
        pk: (today - created.date()).days
        for pk, created in Garment.objects.for_owner(owner)
        .filter(**kind)
        .values_list("pk", "created_at")
    }
    known = {pk: min(days, YEAR) for pk, days in ages.items() if days >= LEAST_DAYS}
    wears = Wear.objects.for_owner(owner).filter(
        garment__in=known, day__gt=today - timedelta(days=YEAR), day__lte=today
    )
    counts: dict[UUID, int] = dict.fromkeys(known, 0)
    for pk, _ in {*wears.values_list("garment", "day")}:
        counts[pk] += 1
    yearly = [count * YEAR / known[pk] for pk, count in counts.items()]
    return (sum(yearly) / len(yearly) if yearly else 0.0), len(yearly)
