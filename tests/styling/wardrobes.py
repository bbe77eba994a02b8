"""Garments and questions for the stylist's tests, from the real vocabulary files, without a database."""

import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from styling.stylist.colours import Colour
from styling.stylist.context import (
    Candidate,
    EventContext,
    GarmentFacts,
    OutfitContext,
)
from styling.weather.model import WeatherHour, WeatherSnapshot, summarize_hours
from wardrobe.vocabulary import Vocabulary, read_terms

DIRECTORY = Path(__file__).resolve().parents[2] / "fixtures" / "vocabulary"
TODAY = date(2026, 11, 23)


@cache
def read_vocabulary() -> Vocabulary:
    return Vocabulary.of(list(read_terms(DIRECTORY)))


def make_piece(type_: str, name: str = "", *, colour: str = "grey", **changes: Any) -> Candidate:
    """A garment of a type as the vocabulary has it, in one colour."""
    kinds = read_vocabulary().kinds
    term, hue = kinds["type"][type_], kinds["colour"][colour]
    details = term.details
    warmth = changes.pop("warmth", "medium")
    formality = changes.pop("formality", details["formality"])
    pattern = changes.get("pattern", "solid")
    return Candidate(
        **{
            "id": str(uuid.uuid5(uuid.NAMESPACE_OID, name or f"{colour} {term.label}")),
            "name": name or f"{hue.label} {term.label.lower()}",
            "slot": term.slot,
            "type": type_,
            "type_label": term.label,
            "layer": details["layering"],
            "clo": details["clo"][warmth],
            "formality": kinds["formality"][formality].order,
            "colours": (
                Colour(hue.label.lower(), hue.details["hex"], 1.0, hue.details["neutral"]),
            ),
            "loud": kinds["pattern"][pattern].details["loud"],
            "warmth": warmth,
            "water_resistant": details.get("water_resistant", False),
            "closed": details.get("closed", False),
            "short": details.get("short", False),
            "active": details.get("active", False),
            "alone": details.get("alone", True),
            "use": tuple(details.get("use", ())),
            **changes,
        }
    )


def cut_piece(type_: str, name: str = "", **facts: Any) -> Candidate:
    """A garment as its wearer has it, with what the vocabulary makes of its sleeves and its length."""
    owned = GarmentFacts(
        id=str(uuid.uuid5(uuid.NAMESPACE_OID, name)), name=name, type=type_, **facts
    )
    return Candidate.of(owned, read_vocabulary())


def make_event(kind: str = "casual", *, note: str = "") -> EventContext:
    kinds = read_vocabulary().kinds
    term = kinds["event"][kind]
    starts = datetime(2026, 11, 23, 9, tzinfo=UTC)
    return EventContext(
        kind=kind,
        label=term.label,
        formality=kinds["formality"][term.details["formality"]].order,
        met_w_m2=term.details["met_w_m2"],
        starts=starts,
        ends=starts + timedelta(hours=8),
        note=note,
        indoors=term.details["indoors"],
    )


def make_weather(
    low: float,
    high: float | None = None,
    *,
    rain: Iterable[int] = (),
    mm: float = 1.0,
    wind: float | None = 10.0,
    code: int = 3,
    uv: float = 1.0,
    sensitivity: int = 0,
) -> WeatherSnapshot:
    """Nine to five, rising evenly from `low` to `high` (felt as it is); `rain` lists wet hours."""
    high = low if high is None else high
    event, wet = make_event(), set(rain)
    hours = [
        WeatherHour(
            time=event.starts + timedelta(hours=index),
            temperature_c=low + (high - low) * index / 7,
            apparent_c=low + (high - low) * index / 7,
            precipitation_mm=mm if 9 + index in wet else 0.0,
            precipitation_probability=80 if 9 + index in wet else 5,
            wmo_code=code,
            wind_kmh=wind,
            uv=uv,
            is_day=True,
        )
        for index in range(8)
    ]
    snapshot = summarize_hours(
        hours,
        starts=event.starts,
        ends=event.ends,
        sensitivity=sensitivity,
        fetched_at=event.starts - timedelta(hours=2),
    )
    assert snapshot is not None
    return snapshot


def ask(
    wardrobe: Iterable[Candidate],
    weather: WeatherSnapshot | None,
    kind: str = "casual",
    **changes: Any,
) -> OutfitContext:
    fields = {"event": make_event(kind), "weather": weather, "today": TODAY, **changes}
    return OutfitContext(wardrobe=tuple(wardrobe), **fields)


def make_wardrobe() -> list[Candidate]:
    """A whole year's wardrobe of 36 pieces, from beach to board room."""
    return [
        make_piece("t-shirt", "White tee", colour="white", warmth="light"),
        make_piece("t-shirt", "Striped tee", colour="navy", pattern="striped", warmth="light"),
        make_piece("t-shirt", "Red tee", colour="red", warmth="light", formality="very_casual"),
        make_piece("polo", "Green polo", colour="green"),
        make_piece("shirt", "White shirt", colour="white", formality="business", warmth="light"),
        make_piece("shirt", "Blue oxford", colour="light_blue", formality="business"),
        make_piece(
            "shirt",
            "Plaid flannel",
            colour="red",
            pattern="plaid",
            warmth="heavy",
            formality="casual",
        ),
        make_piece("blouse", "Print blouse", colour="pink", pattern="floral", warmth="light"),
        make_piece("longsleeve", "Black longsleeve", colour="black"),
        make_piece("turtleneck", "Cream turtleneck", colour="cream"),
        make_piece("sweater", "Grey sweater", colour="grey", formality="business"),
        make_piece("sweater", "Chunky knit", colour="cream", warmth="heavy", formality="casual"),
        make_piece("cardigan", "Camel cardigan", colour="camel", warmth="light"),
        make_piece("hoodie", "Grey hoodie", colour="grey"),
        make_piece("pants", "Grey trousers", colour="charcoal", formality="business"),
        make_piece("chinos", "Beige chinos", colour="beige", warmth="light"),
        make_piece("jeans", "Dark jeans", colour="denim"),
        make_piece("pants", "Wool trousers", colour="navy", warmth="heavy", formality="formal"),
        make_piece("shorts", "Khaki shorts", colour="khaki", formality="casual"),
        make_piece("leggings", "Running leggings", colour="black"),
        make_piece("skirt", "Floral skirt", colour="pink", pattern="floral", warmth="light"),
        make_piece("dress", "Wine dress", colour="burgundy", formality="formal"),
        make_piece("dress", "Sun dress", colour="yellow", warmth="light", formality="casual"),
        make_piece("blazer", "Navy blazer", colour="navy", formality="business"),
        make_piece("denim-jacket", "Denim jacket", colour="denim"),
        make_piece("rain-jacket", "Olive rain jacket", colour="olive", formality="smart_casual"),
        make_piece("coat", "Wool coat", colour="charcoal", warmth="heavy", formality="business"),
        make_piece("parka", "Long parka", colour="black"),
        make_piece("sneakers", "White sneakers", colour="white"),
        make_piece("derbies", "Black derbies", colour="black"),
        make_piece("boots", "Brown boots", colour="brown"),
        make_piece("sandals", "Tan sandals", colour="camel"),
        make_piece("heels", "Black heels", colour="black"),
        make_piece("socks", "Wool socks", colour="charcoal"),
        make_piece("scarf", "Plaid scarf", colour="camel"),
        make_piece("beanie", "Navy beanie", colour="navy"),
    ]
