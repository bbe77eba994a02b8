"""Two months of the demo wearer: what her pages have to show, the same each time."""

from datetime import timedelta

import pytest

from accounts.models import User
from dresscode.local.demo_diary import keep_diary
from dresscode.local.demo_history import make_history
from feedback.learning.preferences import learn_lines
from feedback.models import Correction, Rating, ReviewItem, WornInstead
from feedback.review.filling import fill_queue
from feedback.services.consents import give_consent
from styling.history.months import count_verdicts, list_days
from styling.models import Event, Look, Suggestion
from styling.selectors import list_learned
from styling.services.looks import count_worn
from styling.services.profiles import get_profile
from styling.weather.places import Place
from tests.factories import load_vocabulary, make_call, make_garment, make_photo, make_user
from wardrobe import vocabulary
from wardrobe.models import Garment, PhotoFeatures, Wear
from wardrobe.services.wears import count_wears

pytestmark = pytest.mark.django_db
PORTO = Place("Porto, Portugal", 41.15, -8.61, "Europe/Lisbon", "Portugal")
CLOTHES = [
    ("Navy shirt", "top", "shirt", "navy"),
    ("White tee", "top", "t-shirt", "white"),
    ("Grey sweater", "top", "sweater", "grey"),
    ("Jeans", "bottom", "jeans", "denim"),
    ("Chinos", "bottom", "chinos", "beige"),
    ("Boots", "shoes", "boots", "brown"),
    ("Coat", "outerwear", "coat", "camel"),
]


def make_wearer(email: str) -> User:
    wearer = make_user(email)
    for name, slot, type_, colour in CLOTHES:
        colours = [{"name": colour, "hex": "#808080", "share": 1.0}]
        make_garment(wearer, name=name, slot=slot, type=type_, colours=colours)
    return wearer


@pytest.fixture
def mara(db: None) -> User:
    load_vocabulary()
    vocabulary.forget()
    wearer = make_wearer("mara@example.org")
    make_history(wearer, PORTO)
    return wearer


def describe(wearer: User) -> list[tuple[object, ...]]:
    rows = Suggestion.objects.for_owner(wearer).order_by("event__date", "created_at", "request_key")
    return [
        (one.event.date, one.event.kind, one.verdict, sorted(one.garments.values_list("name", flat=True)))
        for one in rows.select_related("event")
    ]  # fmt: skip


def test_the_calendar_has_two_months_of_outfits_and_plans(mara: User) -> None:
    today = mara.today
    days = Event.objects.filter(owner=mara).values_list("date", flat=True)
    assert min(days) <= today - timedelta(days=59)
    assert {day for day in days if day > today} == {today + timedelta(days=n) for n in (1, 4)}
    plans = Suggestion.objects.filter(owner=mara, event__date__gt=today)
    assert {plan.verdict for plan in plans} == {"accepted"}
    month = today.replace(day=1) - timedelta(days=1)
    counts = count_verdicts(list_days(mara, month, today=today))
    assert counts.worn >= 15
    assert WornInstead.objects.filter(owner=mara).exists()
    assert any(one.reasons for one in Rating.objects.filter(owner=mara, verdict="rejected"))


def test_every_row_is_of_its_day(mara: User) -> None:
    for suggestion in Suggestion.objects.for_owner(mara).select_related("event", "rating"):
        day = min(suggestion.event.date, mara.today)
        assert suggestion.created_at.astimezone(mara.zone).date() == day
        assert suggestion.rating.updated_at == suggestion.created_at


def test_counts_follow_from_the_log_and_plans_are_not_among_them(mara: User) -> None:
    for garment in Garment.objects.for_owner(mara):
        counts = count_wears(garment.wears.all(), today=mara.today)
        assert vars(counts) == {name: getattr(garment, name) for name in vars(counts)}
        assert (
            garment.wear_count == garment.wears.filter(is_planned=False).dates("day", "day").count()
        )
    planned = Wear.objects.for_owner(mara).filter(is_planned=True)
    assert {wear.day > mara.today for wear in planned} == {True}


def test_something_is_learned_and_gone_by(mara: User) -> None:
    get_profile(mara)
    assert learn_lines(mara)
    assert list_learned(mara)


def test_the_same_wardrobe_has_the_same_history_once(mara: User) -> None:
    other = make_wearer("other@example.org")
    make_history(other, PORTO)
    first = describe(mara)
    assert first == describe(other)
    make_history(mara, PORTO)
    assert first == describe(mara)


def test_a_wardrobe_without_clothes_has_none(db: None) -> None:
    make_history(make_user(), PORTO)
    assert not Event.objects.exists()


def make_look(wearer: User, sha256: str, seen: dict[str, str], **settled: str) -> Garment:
    """A settled garment, and what the engine saw on its photo."""
    photo, call = make_photo(wearer, pixel_sha256=sha256 * 64), make_call()
    garment = make_garment(wearer, photo=photo, **settled)
    told = {"colours": [], "type": garment.type, "confidence": dict.fromkeys(seen, 0.7), **seen}
    PhotoFeatures.objects.create(
        owner=wearer,
        pixel_sha256=photo.pixel_sha256,
        version=call.version,
        engine="builtin",
        output={"garments": [told]},
        call=call,
    )
    return garment


def test_what_was_seen_otherwise_was_corrected_and_waits_for_review(db: None) -> None:
    load_vocabulary()
    vocabulary.forget()
    wearer = make_wearer("mara@example.org")
    shirt = make_look(
        wearer, "e", {"material": "cotton", "pattern": "solid"}, material="linen", pattern="solid"
    )
    make_history(wearer, PORTO)
    made = Correction.objects.get()
    shirt.refresh_from_db()
    assert (made.garment, made.field, made.call) == (shirt, "material", shirt.call)
    assert (made.model_value, made.user_value, made.confidence) == ("cotton", "linen", 0.7)
    assert (shirt.model_values, shirt.confidence) == ({"material": "cotton"}, {"material": 0.7})
    give_consent(wearer)
    fill_queue()
    assert ReviewItem.objects.waiting().get().correction == made


def test_mistaken_types_and_materials_are_corrected_first(db: None) -> None:
    load_vocabulary()
    vocabulary.forget()
    wearer = make_wearer("mara@example.org")
    make_look(wearer, "1", {"warmth": "light"}, warmth="heavy")
    make_look(wearer, "2", {"formality": "casual"}, formality="formal")
    learned = [
        make_look(wearer, "3", {"material": "cotton"}, material="linen"),
        make_look(wearer, "4", {"type": "t-shirt", "material": "silk"}, material="wool"),
        make_look(wearer, "5", {"material": "cotton"}, material="wool"),
    ]
    make_history(wearer, PORTO)
    corrected = {one.garment for one in Correction.objects.select_related("garment")}
    assert corrected == {*learned}


def test_looks_are_kept_and_a_piece_is_put_away(mara: User) -> None:
    for number in range(6):
        make_garment(mara, name=f"Tee {number}", type="t-shirt")
    for _ in range(2):
        keep_diary(mara)
    kept = Look.objects.for_owner(mara)
    assert (
        kept.filter(suggestion__isnull=False).exists() and kept.filter(suggestion=None).count() == 1
    )
    assert all(count_worn(mara, [look])[look.pk] for look in kept.exclude(suggestion=None))
    (away,) = Garment.objects.for_owner(mara).filter(status=Garment.Status.ARCHIVED)
    assert away.away == Garment.Away.STORED
