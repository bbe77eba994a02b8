"""Opinions in rollups: late ones are counted, a second count changes no byte, and what is removed stays counted."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from feedback.leaving import delete_account, strip_account
from feedback.models import Correction, Rating, ReviewDecision, ReviewItem
from feedback.services.corrections import record_corrections
from monitoring.alerts.measures import MEASURES
from monitoring.alerts.shipped import load_rules
from monitoring.figures.building import floor_to
from monitoring.figures.reading import Figures, Period
from monitoring.models import AlertRule, OpinionProgress, OpinionRollup
from monitoring.opinions import building
from monitoring.opinions.reading import Told, add_up, add_up_named, read_opinions, read_swaps
from registry.models import PromptVersion
from styling.models import Event, Suggestion
from tests.factories import make_garment, make_operator, make_photo, make_user, make_version
from tests.monitoring.calls import build_figures, end_call
from wardrobe.models import Garment
from wardrobe.services.garments import FieldEdit
from wardrobe.services.photos import delete_photo

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NAMES = ("described", "asked", "corrected", "rated", "worn")


@pytest.fixture
def version() -> PromptVersion:
    return make_version(parameters={"review_below": {"type": 0.5}})


def describe(
    version: PromptVersion, owner: User, *, ago: timedelta = HOUR, **fields: object
) -> Garment:
    garment = make_garment(
        owner,
        photo=make_photo(owner, source_format=fields.pop("format", "jpeg")),
        call=end_call(version),
        confidence={"type": fields.pop("type", 0.9), "colours": 0.9},
        **fields,
    )
    Garment.objects.filter(pk=garment.pk).update(created_at=timezone.now() - ago)
    garment.refresh_from_db()
    return garment


def correct(garment: Garment, field: str = "pattern", *, ago: timedelta = timedelta()) -> None:
    assert garment.call
    Correction.objects.create(
        owner=garment.owner,
        garment=garment,
        field=field,
        model_value="solid",
        user_value="striped",
        version=garment.call.version,
        call=garment.call,
        created_at=timezone.now() - ago,
    )


def rate(version: PromptVersion, owner: User, verdict: str = "accepted") -> Rating:
    event = Event.objects.create(
        owner=owner, kind="work", date=date(2026, 1, 1), starts_at=time(9), ends_at=time(17)
    )
    suggestion = Suggestion.objects.create(owner=owner, event=event, request_key=uuid4())
    return Rating.objects.create(
        suggestion=suggestion, owner=owner, version=version, verdict=verdict
    )


def build(now: datetime | None = None) -> None:
    building.build_due(now or timezone.now())


def read(days: int = 30) -> list[Told]:
    now = timezone.now()
    start = now.replace(minute=0, second=0, microsecond=0)
    return read_opinions(Period(start - days * DAY, now), now)


def count(days: int = 30) -> dict[str, object]:
    told = read(days)
    named = ("changed", "corrections", "decisions")
    counts = {name: add_up(told, name) for name in NAMES}
    return counts | {name: dict(add_up_named(told, name)) for name in named}


def list_rows() -> list[tuple[object, ...]]:
    fields = [field.attname for field in OpinionRollup._meta.fields if field.name != "id"]
    return sorted(OpinionRollup.objects.values_list(*fields), key=repr)


def test_all_that_was_said_is_counted_by_version_and_format(version: PromptVersion) -> None:
    alice = make_user()
    doubted = describe(version, alice, type=0.2)
    correct(doubted)
    correct(doubted, "material")
    describe(version, alice, format="heif")
    rate(version, alice)
    rate(version, alice, "rejected")
    build()
    jpeg, heif = sorted((one for one in read() if one.described), key=lambda one: one.asked)[::-1]
    assert (jpeg.format, jpeg.described, jpeg.asked, jpeg.corrected) == ("jpeg", 1, 1, 1)
    assert jpeg.changed == {"pattern": 1, "material": 1}
    assert (heif.format, heif.described, heif.corrected, heif.changed) == ("heif", 1, 0, {})
    assert (count()["rated"], count()["worn"]) == (2, 1)
    assert count()["corrections"] == {"pattern": 1, "material": 1}


def test_a_correction_of_today_counts_for_the_day_of_its_garment(version: PromptVersion) -> None:
    garment = describe(version, make_user(), ago=20 * DAY)
    build()
    assert (count()["described"], count()["corrected"]) == (1, 0)
    correct(garment)
    build()
    assert count()["corrected"] == 1
    assert count(days=2)["corrections"] == {"pattern": 1}
    assert count(days=2)["corrected"] == 0


def test_a_rating_counts_when_it_was_given_first_by_the_last_word(version: PromptVersion) -> None:
    rating = rate(version, make_user())
    Rating.objects.filter(pk=rating.pk).update(
        created_at=timezone.now() - 3 * DAY, updated_at=timezone.now() - 3 * DAY
    )
    build()
    rating.refresh_from_db()
    rating.verdict = Rating.Verdict.REJECTED
    rating.save()
    build()
    assert (count()["rated"], count()["worn"]) == (1, 0)
    assert count(days=1)["rated"] == 0


def decide(version: PromptVersion, reviewer: User) -> ReviewDecision:
    garment = describe(version, make_user())
    item = ReviewItem.objects.create(
        reason="random", priority=1, garment=garment, version=version, field="type"
    )
    return ReviewDecision.objects.create(item=item, reviewer=reviewer, verdict="model", took_ms=1)


def test_decisions_count_until_they_are_taken_back(version: PromptVersion) -> None:
    reviewer = make_operator()
    first, _ = decide(version, reviewer), decide(version, reviewer)
    build()
    assert count()["decisions"] == {"type": 2}
    ReviewDecision.objects.create(
        item=first.item, reviewer=reviewer, verdict="unsure", took_ms=1, undoes=first
    )
    build()
    assert count()["decisions"] == {"type": 1}


def fill(version: PromptVersion, owner: User) -> Garment:
    garments = [describe(version, owner, ago=ago, type=0.2) for ago in (HOUR, 5 * DAY, 100 * DAY)]
    for garment in garments:
        correct(garment)
        correct(garment, "material", ago=4 * DAY)
    rate(version, owner)
    return garments[0]


def test_counting_everything_again_changes_no_byte(version: PromptVersion) -> None:
    alice = make_user()
    fill(version, alice)
    describe(version, make_user()).delete()
    now = timezone.now()
    build(now)
    before = list_rows()
    assert {row[5] for row in before} == {"kept", "gone"}
    building.build_all(building.find_due(None), now)
    assert list_rows() == before
    OpinionProgress.objects.all().delete()
    OpinionRollup.objects.filter(state="kept").delete()
    build(now)
    assert list_rows() == before


def test_days_are_what_their_hours_are(version: PromptVersion) -> None:
    fill(version, make_user())
    describe(version, make_user(), ago=5 * DAY)
    build()
    day = (
        (timezone.now() - 5 * DAY)
        .astimezone(UTC)
        .replace(hour=0, minute=0, second=0, microsecond=0)
    )
    rows = OpinionRollup.objects.filter(starts_at__gte=day, starts_at__lt=day + DAY)
    hours, days = (sum(r.described for r in rows.filter(grain=grain)) for grain in ("1h", "1d"))
    assert hours == days == 2


def leave_by_account(garment: Garment) -> None:
    delete_account(garment.owner)


def leave_by_strip(garment: Garment) -> None:
    """As of somebody whose decisions name them."""
    strip_account(garment.owner)


def leave_by_photo(garment: Garment) -> None:
    assert garment.photo
    delete_photo(garment.photo)


def leave_by_garment(garment: Garment) -> None:
    garment.delete()


@pytest.mark.parametrize(
    "leave", [leave_by_account, leave_by_strip, leave_by_photo, leave_by_garment]
)
def test_what_is_removed_stays_counted(
    version: PromptVersion, leave: Callable[[Garment], None]
) -> None:
    garment = fill(version, make_user())
    fill(version, make_user())
    build()
    before, long_before = count(), count(days=400)
    assert long_before["described"] == 6
    leave(garment)
    assert count() == before
    build()
    assert count() == before
    assert count(days=400) == long_before
    assert not OpinionRollup.objects.filter(state="leaving").exists()
    assert Garment.objects.count() < 6
    building.build_all(building.find_due(None), timezone.now())
    assert count() == before


def test_versions_are_read_once_a_run_and_one_alone_for_a_row_that_goes(
    version: PromptVersion,
) -> None:
    garment = fill(version, make_user())
    fill(make_version(parameters=version.parameters), make_user())

    def list_reads(deed: Callable[[], object]) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            deed()
        return [one["sql"] for one in queries if '"bundle" -> ' in one["sql"]]

    reads = list_reads(build)
    assert len(reads) == 2, "of hours, and of days whose hours are kept no longer"
    assert not any("WHERE" in sql for sql in reads)
    [leaving] = list_reads(garment.delete)
    assert "WHERE" in leaving


def test_what_was_removed_before_it_was_counted_is_counted(version: PromptVersion) -> None:
    build()
    garment = describe(version, make_user())
    correct(garment)
    delete_account(garment.owner)
    assert count()["described"] == 0
    build()
    assert (count()["described"], count()["corrected"]) == (1, 1)


def test_what_a_wearer_takes_back_is_no_opinion_any_more(version: PromptVersion) -> None:
    alice = make_user()
    garment = describe(version, alice, ago=3 * DAY)
    edit = FieldEdit("pattern", "solid", "striped", 0.9)
    record_corrections(garment=garment, edits=[edit])
    rating = rate(version, alice)
    Correction.objects.update(created_at=timezone.now() - 2 * DAY)
    Rating.objects.update(created_at=timezone.now() - 2 * DAY, updated_at=timezone.now() - 2 * DAY)
    build()
    assert (count()["corrected"], count()["rated"]) == (1, 1)
    record_corrections(garment=garment, edits=[FieldEdit("pattern", "solid", "solid", 0.9)])
    Rating.objects.filter(pk=rating.pk).delete()
    build()
    assert (count()["corrected"], count()["corrections"], count()["rated"]) == (0, {}, 0)


def test_what_comes_late_is_counted_within_the_hour(version: PromptVersion) -> None:
    alice = make_user()
    build()
    describe(version, alice, ago=2 * DAY)
    build()
    assert count()["described"] == 0
    building.count_again(timezone.now())
    assert count()["described"] == 1


def test_another_word_for_a_correction_that_waits_is_counted(version: PromptVersion) -> None:
    garment = describe(version, make_user())
    record_corrections(garment=garment, edits=[FieldEdit("pattern", "solid", "striped", 0.9)])
    Correction.objects.update(created_at=timezone.now() - DAY)
    build()
    record_corrections(garment=garment, edits=[FieldEdit("pattern", "solid", "dotted", 0.9)])
    building.count_again(timezone.now())
    now = timezone.now()
    [swap] = read_swaps(Period(now - 3 * DAY, now), now, limit=5)
    assert (swap.said, swap.corrected, swap.times) == ("solid", "dotted", 1)


def test_colours_are_told_by_their_names(version: PromptVersion) -> None:
    garment = describe(version, make_user())
    navy, black = {"name": "navy", "hex": "#112", "share": 1}, {"name": "black", "hex": "#000"}
    record_corrections(garment=garment, edits=[FieldEdit("colours", [navy], [black, navy], 0.9)])
    build()
    now = timezone.now()
    [swap] = read_swaps(Period(now - DAY, now + HOUR), now, limit=5)
    assert (swap.field, swap.said, swap.corrected) == ("colours", ["navy"], ["black", "navy"])


def test_hours_are_kept_ninety_days_and_days_for_ever(version: PromptVersion) -> None:
    garment = describe(version, make_user(), ago=89 * DAY)
    build()
    later = timezone.now() + 10 * DAY
    build(later)
    assert set(OpinionRollup.objects.values_list("grain", flat=True)) == {"1d"}
    correct(garment)
    garment.delete()
    build(later)
    period = Period(later - 120 * DAY, later)
    [one] = [one for one in read_opinions(period, later) if one.described]
    assert (one.described, one.corrected) == (1, 1)


def test_the_usual_share_of_corrected_answers_is_that_of_the_rollups(
    version: PromptVersion,
) -> None:
    owner, now = make_user(), timezone.now()
    for garment in [describe(version, owner) for _ in range(8)][:2]:
        correct(garment)
    build()
    hours = [(floor_to(now, HOUR) - HOUR, Figures(succeeded=8)), (floor_to(now, HOUR), Figures())]
    rule = AlertRule(measure=AlertRule.Measure.CORRECTED, compared_with="before")
    usual = MEASURES[rule.measure].find_usual(rule, version.prompt.name, hours)
    assert usual == 2 / 8


@pytest.mark.parametrize("page", ["monitoring:accuracy", "admin:monitoring_alert_changelist"])
def test_the_page_reads_no_row_of_a_wearer(
    version: PromptVersion, client: Client, page: str
) -> None:
    fill(version, make_user())
    load_rules()
    build()
    build_figures(timezone.now())
    client.force_login(make_operator())
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse(page), {"span": "28d"} if page == "monitoring:accuracy" else {})
    asked = " ".join(query["sql"] for query in queries)
    for table in ("wardrobe_garment", "wardrobe_photo", "feedback_correction", "feedback_rating"):
        assert f'FROM "{table}"' not in asked and f'JOIN "{table}"' not in asked, table
