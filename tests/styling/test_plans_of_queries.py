"""What grows with the wearers is found by an index: what PostgreSQL plans where it would do anything but read it whole."""

import json
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from styling.history.days import find_before
from styling.history.months import group_outfits
from styling.models import Event, Look, Suggestion, TripOccasion
from styling.morning.outfits import find_today
from styling.selectors import list_chosen
from styling.services.pictures import find_unpictured
from tests.factories import make_user
from wardrobe.models import Garment, PhotoEmbedding
from wardrobe.services.pictures import find_uncut

pytestmark = pytest.mark.django_db


def explain(rows: QuerySet[Any]) -> list[dict[str, Any]]:
    """The nodes of its plan."""
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        [[found]] = cursor.fetchall()
    plan = json.loads(found) if isinstance(found, str) else found
    return [*list_nodes(plan[0]["Plan"])]


def list_nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from list_nodes(part)


def read_whole(rows: QuerySet[Any]) -> set[str]:
    """The tables that its plan reads from one end to the other."""
    nodes = [node for node in explain(rows) if node["Node Type"] == "Seq Scan"]
    return {node["Relation Name"] for node in nodes}


def indexes(rows: QuerySet[Any]) -> set[str]:
    return {node["Index Name"] for node in explain(rows) if "Index Name" in node}


def test_what_may_be_worn_or_seen_is_found_without_reading_all_garments(alice: User) -> None:
    for rows in (
        Garment.objects.worn_by(alice),
        Garment.objects.seen_by(alice),
        Garment.objects.worn_by(alice).ready_for(alice),
    ):
        assert "wardrobe_garment" not in read_whole(rows)


def test_what_waits_for_a_picture_is_found_by_its_index() -> None:
    assert "suggestion_unpictured" in indexes(find_unpictured(Suggestion)[:50])
    assert "look_unpictured" in indexes(find_unpictured(Look)[:50])
    assert "trip_unpictured" in indexes(find_unpictured(TripOccasion)[:50])


def test_garments_without_a_cut_out_are_found_by_their_index() -> None:
    assert "garment_uncut" in indexes(find_uncut()[:50])


def test_vectors_of_a_week_are_found_by_their_time() -> None:
    week = PhotoEmbedding.objects.filter(created_at__gte="2026-01-01T00:00Z")
    assert "embedding_by_time" in indexes(week.order_by())


OUTFITS = 300
"""Of a wearer in the diary, a day each."""
DAY = date(2026, 6, 1)


@pytest.fixture
def diary(db: None) -> User:
    """One of a dozen wearers with as many outfits each; PostgreSQL knows how many there are."""
    wearers = [make_user() for _ in range(12)]
    events = Event.objects.bulk_create(
        Event(
            owner=wearer,
            kind="casual",
            date=DAY - timedelta(days=ago),
            starts_at=time(9),
            ends_at=time(17),
        )
        for ago in range(OUTFITS)
        for wearer in wearers
    )
    Suggestion.objects.bulk_create(
        Suggestion(
            owner=event.owner, event=event, request_key=uuid4(), status="ready", verdict="accepted"
        )
        for event in events
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE styling_event, styling_suggestion")
    return wearers[5]


def read_most(call: Callable[[], object]) -> dict[str, int]:
    """By table, the most rows that a step of any plan of what `call` asks reads of it, with those that it throws away."""
    most: dict[str, int] = {}

    def explain(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        with connection.connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + str(sql), params)
            [plan] = cursor.fetchone()
        for node in list_nodes(plan[0]["Plan"]):
            if table := node.get("Relation Name"):
                passed = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
                most[table] = max(most.get(table, 0), round(passed * node["Actual Loops"]))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        call()
    return most


@pytest.mark.parametrize(
    "call",
    [
        lambda owner: group_outfits(owner, DAY - timedelta(days=20), DAY - timedelta(days=10)),
        lambda owner: find_before(owner, DAY + timedelta(days=300), []),
        lambda owner: find_today(owner, DAY),
        lambda owner: list(list_chosen(owner)),
    ],
    ids=["a month", "a year before", "this morning", "today"],
)
def test_outfits_of_some_days_are_found_without_all_others(
    diary: User, call: Callable[[User], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many a wearer has, and however many others there are: as few rows are read as there are such days."""
    monkeypatch.setattr(User, "today", DAY)
    most = read_most(lambda: call(diary))
    assert {"styling_event", "styling_suggestion"} <= most.keys()
    assert max(most["styling_event"], most["styling_suggestion"]) < OUTFITS / 2, most


def test_an_event_is_of_whoever_asked(diary: User) -> None:
    """`by_day_of` says so, and no outfit may be missed by it."""
    assert Suggestion.objects.by_day_of(diary).count() == OUTFITS


def test_plans_of_days_to_come_are_found_by_their_day(diary: User) -> None:
    """Of the condition alone: in what order few rows are joined, PostgreSQL decides by what it saw of other tests."""
    days = Event.objects.filter(date__gte=DAY, date__lte=DAY + timedelta(days=9)).order_by()
    assert "event_by_day" in indexes(days)
