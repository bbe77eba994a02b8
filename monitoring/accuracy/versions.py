"""Any two versions of a task side by side, each figure tested as those of a version and the one before."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter, methodcaller

from monitoring.accuracy.comparison import Change, compare, say_share
from monitoring.accuracy.figures import VersionFigures
from monitoring.accuracy.sentences import say_change
from monitoring.figures.reading import Figures, Period
from monitoring.links import prepare_call_links
from registry.evaluation.statistics import Proportion
from registry.models import PromptVersion
from registry.tasks import name_code

Figure = Callable[[VersionFigures], Proportion]


@dataclass(frozen=True)
class SideBySide:
    """One figure of both; of calls with the list behind each. `change` is what the second has against the first; `level`
    is watch where it is worse beyond chance, ok where it is better."""

    name: str
    first: str
    first_link: str
    second: str
    second_link: str
    change: str
    level: str


@dataclass(frozen=True)
class VersionPair:
    task: str
    first: PromptVersion
    second: PromptVersion
    rows: list[SideBySide]


def compare_versions(
    first: PromptVersion,
    second: PromptVersion,
    versions: Sequence[VersionFigures],
    never: Collection[str],
    period: Period,
) -> VersionPair:
    """Of two versions of one task; one that was not called in the period has nothing of anything."""
    known = {one.version.pk: one for one in versions}
    one, other = (known.get(version.pk) or make_empty(version) for version in (first, second))
    codes = sorted(
        {*never, *one.figures.shown, *other.figures.shown},
        key=lambda code: (code not in never, code),
    )
    withheld = sorted({*one.figures.withheld, *other.figures.withheld})
    changed = sorted({*one.changed, *other.changed})
    task = first.prompt.name
    link = prepare_call_links(period=period, task=task)

    def beside(
        name: str, figure: Figure, *, is_bad_if_more: bool | None = True, **calls: str
    ) -> SideBySide | None:
        """`calls` are the filters of the list of those that it counts, where it counts calls."""
        parts = figure(one), figure(other)
        links = [
            link(version=version.pk, **calls) if calls and part.hits else ""
            for version, part in zip((first, second), parts, strict=True)
        ]
        return set_beside(name, parts, links, is_bad_if_more)

    rows = [
        beside("Failed", failed, outcome="failed"),
        beside("Shown with a fault", attrgetter("shown"), seen="shown"),
        *(
            beside(
                f"Showed {name_code(code, task)}",
                methodcaller("shown_code", code),
                violation=code,
                seen="shown",
            )
            for code in codes
        ),
        beside("Something withheld", attrgetter("withheld"), is_bad_if_more=None, seen="withheld"),
        *(
            beside(
                f"Withheld {name_code(code, task)}",
                partial(withheld_code, code=code),
                is_bad_if_more=None,
                violation=code,
                seen="withheld",
            )
            for code in withheld
        ),
        beside("Garments corrected", attrgetter("corrected")),
        *(
            beside(f"Garments whose {field} was changed", partial(part_of, field=field))
            for field in changed
        ),
        beside("Wearer asked to look", attrgetter("asked"), is_bad_if_more=None),
        beside("Outfits worn", attrgetter("accepted"), is_bad_if_more=False),
    ]
    return VersionPair(task, first, second, [row for row in rows if row])


def make_empty(version: PromptVersion) -> VersionFigures:
    return VersionFigures(version=version, is_live=False, figures=Figures())


def failed(one: VersionFigures) -> Proportion:
    return Proportion(one.figures.failed, one.figures.succeeded + one.figures.failed)


def withheld_code(one: VersionFigures, code: str) -> Proportion:
    return Proportion(one.figures.withheld.get(code, 0), one.figures.calls)


def part_of(one: VersionFigures, field: str) -> Proportion:
    return Proportion(one.changed[field], one.corrected.total)


def set_beside(
    name: str, parts: Sequence[Proportion], links: Sequence[str], is_bad_if_more: bool | None
) -> SideBySide | None:
    """None of what neither has any of. `is_bad_if_more` is None of what is neither good nor bad by itself."""
    first, second = parts
    if not first.total and not second.total:
        return None
    has_both = bool(first.total and second.total)
    change = compare(second, first) if has_both else Change("too few")
    return SideBySide(
        name=name,
        first=say_share(first),
        first_link=links[0],
        second=say_share(second),
        second_link=links[1],
        change=say_change(change),
        level=judge(change, is_bad_if_more),
    )


def judge(change: Change, is_bad_if_more: bool | None) -> str:
    if is_bad_if_more is None or not (change.is_more or change.is_fewer):
        return ""
    return "watch" if change.is_more == is_bad_if_more else "ok"
