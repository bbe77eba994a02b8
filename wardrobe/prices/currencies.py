"""Currencies by their ISO 4217 codes, as CLDR knows them. Nothing is ever converted."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from functools import cache

from babel.core import get_global
from babel.numbers import (
    format_currency,
    format_decimal,
    get_currency_name,
    get_territory_currencies,
)
from django.conf import settings
from django.utils.translation import get_language, to_locale

UNKNOWN = ""
"""A price of before currencies were asked for."""
NO_TERRITORY = "001"


def list_currencies() -> tuple[tuple[str, str], ...]:
    """Codes that are paid with somewhere today, each with its name, in order of the code."""
    return name_currencies(find_locale())


def find_locale() -> str:
    """CLDR's name of the language that is spoken."""
    return to_locale(get_language() or settings.LANGUAGE_CODE)


@cache
def name_currencies(locale: str) -> tuple[tuple[str, str], ...]:
    codes = {
        code
        for territory in get_global("territory_currencies")
        for code in get_territory_currencies(territory, tender=True)
    }
    return tuple(
        (code, f"{code}, {get_currency_name(code, locale=locale)}") for code in sorted(codes)
    )


def is_currency(code: str) -> bool:
    return any(code == known for known, _ in list_currencies())


def find_territory(time_zone: str) -> str:
    """The code of the country that a time zone is in, such as "PT"; "001", the world, where nobody knows."""
    time_zone = get_global("zone_aliases").get(time_zone, time_zone)
    return str(get_global("zone_territories").get(time_zone, NO_TERRITORY))


def guess_currency(time_zone: str) -> str:
    """What is paid with where a time zone is; empty where nobody knows."""
    territory = find_territory(time_zone)
    codes = get_territory_currencies(territory, tender=True) if territory != NO_TERRITORY else []
    return str(codes[0]) if codes else UNKNOWN


def say_money(amount: Decimal, code: str) -> str:
    """Such as "€9.20"; the bare number where no currency was told."""
    if code == UNKNOWN:
        return str(format_decimal(amount, "#,##0.00", locale=find_locale()))
    return str(format_currency(amount, code, locale=find_locale()))


def sum_by_currency(amounts: Iterable[tuple[Decimal, str]]) -> dict[str, Decimal]:
    """Totals of pairs of amount and code: one for each currency."""
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for amount, code in amounts:
        totals[code] += amount
    return dict(totals)
