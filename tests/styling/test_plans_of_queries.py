"""What grows with the wearers is found by an index: what PostgreSQL plans where it would do anything but read it whole."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from styling.models import Event, Look, Suggestion, TripOccasion
from styling.services.pictures import find_unpictured
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


def test_plans_of_days_to_come_are_found_by_their_day() -> None:
    """Of the condition alone: in what order few rows are joined, PostgreSQL decides by what it saw of other tests."""
    days = Event.objects.filter(date__gte="2026-11-30", date__lte="2026-12-09").order_by()
    assert "event_by_day" in indexes(days)


def test_vectors_of_a_week_are_found_by_their_time() -> None:
    week = PhotoEmbedding.objects.filter(created_at__gte="2026-01-01T00:00Z")
    assert "embedding_by_time" in indexes(week.order_by())
