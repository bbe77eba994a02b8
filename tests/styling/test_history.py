"""The calendar: what was worn, what is planned, and how a far day is found and told."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.days import say_day
from accounts.models import User
from styling.history.months import count_verdicts, list_days, list_months
from styling.models import OutfitPiece, Suggestion
from styling.selectors import count_worn_together
from tests.styling.conftest import ask_for_outfit
from tests.styling.test_outfit_page import finish
from wardrobe.models import Garment

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 29)


@pytest.fixture
def page(alice: User, client: Client) -> Client:
    client.force_login(alice)
    return client


def accept(alice: User, clothes: list[Garment], day: date) -> Suggestion:
    suggestion = finish(ask_for_outfit(alice, date=day), clothes)
    Suggestion.objects.filter(pk=suggestion.pk).update(verdict="accepted")
    return suggestion


def test_worn_and_planned_are_told_apart_by_the_day(
    page: Client, alice: User, clothes: list[Garment]
) -> None:
    for day in (TODAY - timedelta(days=3), TODAY, TODAY + timedelta(days=1)):
        accept(alice, clothes, day)
    days = list_days(alice, TODAY.replace(day=1), today=TODAY)
    counts = count_verdicts(days)
    assert (counts.shown, counts.worn, counts.planned) == (3, 2, 1)
    later = list_days(alice, TODAY.replace(day=1), today=TODAY + timedelta(days=1))
    assert count_verdicts(later).planned == 0


def test_a_plan_is_no_pair_that_was_worn_together(alice: User, clothes: list[Garment]) -> None:
    accept(alice, clothes, alice.today + timedelta(days=1))
    assert count_worn_together(alice, alice.today) == {}
    assert len(count_worn_together(alice, alice.today + timedelta(days=1))) == 3


def test_a_day_eight_months_ahead_is_one_step_away_and_tells_its_year(
    page: Client, alice: User, clothes: list[Garment]
) -> None:
    day = alice.today + timedelta(days=243)
    suggestion = accept(alice, clothes, day)
    shown = page.get("/outfits/").text
    assert f'<option value="{day.month}"' in shown
    assert f"<option>{day.year}" in shown or f"<option selected>{day.year}" in shown
    month = page.get("/outfits/", {"month": day.month, "year": day.year})
    assert month.context["month"] == day.replace(day=1)
    address = reverse("styling:outfit-detail", args=[suggestion.pk])
    assert address in month.text
    assert f"{day:%B} {day.year}" in page.get(address).text


def test_years_reach_from_the_first_outfit_to_the_last(alice: User, clothes: list[Garment]) -> None:
    assert list_months(alice, TODAY, today=TODAY).years == [2026, 2027]
    ask_for_outfit(alice, date=date(2024, 5, 1))
    assert list_months(alice, TODAY, today=TODAY).years == [2024, 2025, 2026, 2027]
    assert list_months(alice, date(2030, 1, 1), today=TODAY).years[-1] == 2030


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 12, 1), "Tuesday 1 December"),
        (date(2027, 1, 1), "Friday 1 January 2027"),
        (date(2027, 7, 30), "Friday 30 July 2027"),
        (date(2026, 1, 5), "Monday 5 January 2026"),
    ],
)
def test_a_day_has_its_year_where_it_could_be_another(day: date, said: str) -> None:
    assert say_day(day, today=TODAY) == said


def test_a_busy_month_reads_the_pieces_of_what_it_lays_out_and_no_others(
    alice: User, clothes: list[Garment]
) -> None:
    """Of fifteen outfits a day one is shown, and of that its picture where there is one."""
    first = accept(alice, clothes, TODAY)
    pictured = accept(alice, clothes, TODAY - timedelta(days=1))
    Suggestion.objects.filter(pk=pictured.pk).update(picture="looks/a.webp")
    made = Suggestion.objects.bulk_create(
        Suggestion(owner=alice, request_key=uuid4(), event=first.event, status="ready")
        for _ in range(30)
    )
    OutfitPiece.objects.bulk_create(
        OutfitPiece(suggestion=one, garment=clothes[0], position=0, slot="top") for one in made
    )
    with CaptureQueriesContext(connection) as asked:
        days = list_days(alice, TODAY.replace(day=1), today=TODAY)
    (outfits, pieces, *rest) = [query["sql"] for query in asked]
    assert '"prose"' not in outfits and '"events"' not in outfits
    assert first.pk.hex in pieces and pictured.pk.hex not in pieces
    assert not any(one.pk.hex in pieces for one in made)
    assert len(rest) <= 2  # Garments, and photos where there are some.
    (today,) = [day for day in days if day.date == TODAY]
    assert today.suggestion == first and len(today.others) == 30


def test_all_other_outfits_of_a_month_are_reached(
    page: Client, alice: User, clothes: list[Garment]
) -> None:
    first = accept(alice, clothes, alice.today)
    made = Suggestion.objects.bulk_create(
        Suggestion(owner=alice, request_key=uuid4(), event=first.event, status="ready")
        for _ in range(30)
    )
    OutfitPiece.objects.bulk_create(
        OutfitPiece(suggestion=one, garment=clothes[0], position=0, slot="top") for one in made
    )
    month = f"{alice.today:%Y-%m}"
    pages = [
        page.get("/outfits/", {"month": month, "page": at}).text.split("Others that month")[1]
        for at in (1, 2, 3)
    ]
    assert f'href="?month={month}&amp;page=2#others-title"' in pages[0]
    for one in made:
        assert sum(str(one.pk) in text for text in pages) == 1
