"""What countries are called: in every language that Unicode's CLDR writes, in codes, and for short."""

from collections.abc import Iterable, Mapping
from typing import Any

from babel import Locale
from babel.localedata import locale_identifiers

from styling.weather.place_names import fold_query

SHORT: Mapping[str, tuple[str, ...]] = {
    "AE": ("UAE", "Emirates"),
    "BA": ("Bosnia",),
    "BG": ("Balgariya",),
    "CD": ("DR Congo", "DRC", "Zaire"),
    "CG": ("Congo Brazzaville", "Republic of the Congo"),
    "CN": ("PRC", "Mainland China", "Zhongguo"),
    "CV": ("Cape Verde",),
    "CZ": ("Czech Republic",),
    "EG": ("Misr",),
    "FM": ("Micronesia",),
    "GB": ("UK", "Great Britain", "Britain"),
    "GE": ("Sakartvelo",),
    "GR": ("Hellas", "Ellada"),
    "IE": ("Eire", "Republic of Ireland", "ROI"),
    "IL": ("Yisrael",),
    "IN": ("Bharat",),
    "IR": ("Persia",),
    "JP": ("Nippon", "Nihon"),
    "KH": ("Kampuchea",),
    "KP": ("DPRK",),
    "KR": ("Korea", "Republic of Korea", "ROK", "Hanguk"),
    "LK": ("Ceylon",),
    "MA": ("Al Maghrib",),
    "MK": ("Macedonia", "FYROM"),
    "MM": ("Burma",),
    "NL": ("Holland", "the Netherlands"),
    "NZ": ("Aotearoa",),
    "PG": ("PNG",),
    "PS": ("Palestine", "State of Palestine", "Filastin"),
    "RU": ("Russian Federation", "Rossiya", "Rossija"),
    "SA": ("KSA",),
    "SZ": ("Swaziland",),
    "TH": ("Prathet Thai", "Siam"),
    "TL": ("East Timor",),
    "TR": ("Turkey",),
    "TW": ("ROC", "Formosa"),
    "UA": ("Ukraina", "Ukrayina"),
    "US": ("USA", "America", "United States of America", "the States"),
    "VA": ("Vatican",),
    "ZA": ("RSA",),
}
"""Short, former and Latin spellings that CLDR does not have as names."""


def list_country_names(countries: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """By code, the folded names of GeoNames' `countries`; "the " never begins one."""
    names = {
        code: {code, row["iso3"], row["name"], *SHORT.get(code, ())}
        for code, row in countries.items()
    }
    for code, name in read_cldr():
        if code in names:
            names[code].add(name)
    return {code: fold_names(called) for code, called in names.items()}


def read_cldr() -> Iterable[tuple[str, str]]:
    """Code and name, in every language; a language's scripts are files of their own, its countries say the same."""
    for identifier in locale_identifiers():
        _, *parts = identifier.split("_")
        if all(len(part) == len("Latn") for part in parts):
            yield from Locale.parse(identifier).territories.items()


def fold_names(names: Iterable[str]) -> list[str]:
    return sorted({fold_query(name) for name in names} - {""})
