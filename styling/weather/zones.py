"""Time zones as a list to choose from: cities by region."""

from collections import defaultdict
from functools import cache
from zoneinfo import available_timezones

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

REGIONS = {
    "Africa": gettext_lazy("Africa"),
    "America": gettext_lazy("America"),
    "Antarctica": gettext_lazy("Antarctica"),
    "Arctic": gettext_lazy("Arctic"),
    "Asia": gettext_lazy("Asia"),
    "Atlantic": gettext_lazy("Atlantic"),
    "Australia": gettext_lazy("Australia"),
    "Europe": gettext_lazy("Europe"),
    "Indian": gettext_lazy("Indian Ocean"),
    "Pacific": gettext_lazy("Pacific"),
}
"""The rest of the database is for machines ("Factory", "localtime", "Etc/GMT+5") or of the past ("US/Pacific")."""


@cache
def list_names() -> frozenset[str]:
    """Of all zones: they are read from six hundred files."""
    return frozenset(available_timezones())


def group_zones(chosen: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices of a select by region, in order of the alphabet; UTC is everywhere. The chosen one is there whatever it is."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    regions, everywhere = {name: str(said) for name, said in REGIONS.items()}, _("Everywhere")
    for name in sorted(list_names() | {chosen} - {""}):
        region, _slash, city = name.partition("/")
        if region in regions and city:
            groups[regions[region]].append((name, spell_zone(name)))
        elif name in {"UTC", chosen}:
            groups[everywhere].append((name, spell_zone(name)))
    return sorted(groups.items())


def spell_zone(name: str) -> str:
    """Such as "Buenos Aires, Argentina" of "America/Argentina/Buenos_Aires"."""
    parts = name.replace("_", " ").split("/")
    return ", ".join(reversed(parts[1:] if parts[0] in REGIONS else parts))
