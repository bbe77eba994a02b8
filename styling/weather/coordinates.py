"""Coordinates as people paste them: of maps, of phones, of geo: links, in degrees or with minutes and seconds."""

import math
import re

UNIFORM = str.maketrans(
    dict.fromkeys("−–‐‑", "-")
    | dict.fromkeys("º˚", "°")
    | dict.fromkeys("′’‘´ʹ", "'")
    | dict.fromkeys("″”“", '"')
    | dict.fromkeys("()[]", " ")
)
GEO_LINK = re.compile(r"geo:([^;?]*).*")
DIRECTION = re.compile(r"\b([nsew])(?:orth|outh|ast|est)\b")
PAIRS = [
    re.compile(rf"({number})\s*°?(?:\s*[,;]\s*|\s+)({number})\s*°?")
    for number in (r"[+-]?\s?\d{1,3}(?:\.\d+)?", r"[+-]?\s?\d{1,3}(?:[.,]\d+)?")
]
"""A comma parts two numbers, unless only a decimal comma makes two of them."""
NUMBER = r"\d{1,3}(?:[.,]\d+)?"
ANGLE = rf"(?:[+-]\s?)?{NUMBER}(?:\s*[°\s]\s*{NUMBER}(?:\s*['\s]\s*{NUMBER})?)?\s*(?:°|'|\"|'')?"
AFTER = re.compile(rf"({ANGLE})\s*([nsew])\s*[,;]?\s*({ANGLE})\s*([nsew])")
BEFORE = re.compile(rf"([nsew])\s*({ANGLE})\s*[,;]?\s*([nsew])\s*({ANGLE})")
SIGNED = re.compile(rf"({ANGLE})\s*[,;]\s*({ANGLE})")
SOUTH_OR_WEST, NORTH_OR_SOUTH = "sw", "ns"


def read_coordinates(text: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, south and west below zero; None for what is not written as coordinates.

    What lies outside the globe is returned as it was written.
    """
    plain = text.strip().casefold().translate(UNIFORM)
    plain = DIRECTION.sub(r"\1", GEO_LINK.sub(r"\1", plain)).strip()
    for pair in PAIRS:
        if found := pair.fullmatch(plain):
            return read_angle(found[1]), read_angle(found[2])
    if found := AFTER.fullmatch(plain):
        return put_in_order((found[2], found[1]), (found[4], found[3]))
    if found := BEFORE.fullmatch(plain):
        return put_in_order((found[1], found[2]), (found[3], found[4]))
    if "°" in plain and (found := SIGNED.fullmatch(plain)):
        return read_angle(found[1]), read_angle(found[2])
    return None


def put_in_order(one: tuple[str, str], other: tuple[str, str]) -> tuple[float, float] | None:
    """Latitude first, of two directions with their angles; None for two of one kind."""
    if (one[0] in NORTH_OR_SOUTH) == (other[0] in NORTH_OR_SOUTH):
        return None
    latitude, longitude = (one, other) if one[0] in NORTH_OR_SOUTH else (other, one)
    return read_directed(*latitude), read_directed(*longitude)


def read_directed(direction: str, angle: str) -> float:
    return read_angle(angle) * (-1 if direction in SOUTH_OR_WEST else 1)


def read_angle(text: str) -> float:
    """Degrees, of degrees with or without minutes and seconds."""
    parts = [float(part.replace(",", ".")) for part in re.findall(NUMBER, text)]
    size = math.fsum(part / 60.0**place for place, part in enumerate(parts))
    return -size if "-" in text else size
