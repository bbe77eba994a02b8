"""Any two versions of a task side by side, each figure tested as those of a version and the one before."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from monitoring.accuracy.comparison import Change, compare, say_share
from monitoring.accuracy.figures import VersionFigures
from monitoring.accuracy.sentences import say_change
from monitoring.figures.reading import Figures
from registry.evaluation.statistics import Proportion
from registry.models import PromptVersion
from registry.tasks import name_code


@dataclass(frozen=True)
class SideBySide:
    """One figure of both. `change` is what the second has against the first; `level` is watch where it is worse beyond
    chance, ok where it is better."""

    name: str
    first: str
    second: str
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
    rows = [
        set_beside("Failed", failed(one), failed(other)),
        set_beside("Shown with a fault", one.shown, other.shown),
        *(
            set_beside(
                f"Showed {name_code(code, task)}", one.shown_code(code), other.shown_code(code)
            )
            for code in codes
        ),
        set_beside("Something withheld", one.withheld, other.withheld, is_bad_if_more=None),
        *(
            set_beside(
                f"Withheld {name_code(code, task)}",
                withheld_code(one, code),
                withheld_code(other, code),
                is_bad_if_more=None,
            )
            for code in withheld
        ),
        set_beside("Garments corrected", one.corrected, other.corrected),
        *(
            set_beside(f"Garments whose {field} was changed", part(one, field), part(other, field))
            for field in changed
        ),
        set_beside("Wearer asked to look", one.asked, other.asked, is_bad_if_more=None),
        set_beside("Outfits worn", one.accepted, other.accepted, is_bad_if_more=False),
    ]
    return VersionPair(task, first, second, [row for row in rows if row])


def make_empty(version: PromptVersion) -> VersionFigures:
    return VersionFigures(version=version, is_live=False, figures=Figures())


def failed(one: VersionFigures) -> Proportion:
    return Proportion(one.figures.failed, one.figures.succeeded + one.figures.failed)


def withheld_code(one: VersionFigures, code: str) -> Proportion:
    return Proportion(one.figures.withheld.get(code, 0), one.figures.calls)


def part(one: VersionFigures, field: str) -> Proportion:
    return Proportion(one.changed[field], one.corrected.total)


def set_beside(
    name: str, first: Proportion, second: Proportion, *, is_bad_if_more: bool | None = True
) -> SideBySide | None:
    """None of what neither has any of. `is_bad_if_more` is None of what is neither good nor bad by itself."""
    if not first.total and not second.total:
        return None
    has_both = bool(first.total and second.total)
    change = compare(second, first) if has_both else Change("too few")
    return SideBySide(
        name=name,
        first=say_share(first),
        second=say_share(second),
        change=say_change(change),
        level=judge(change, is_bad_if_more),
    )


def judge(change: Change, is_bad_if_more: bool | None) -> str:
    if is_bad_if_more is None or not (change.is_more or change.is_fewer):
        return ""
    return "watch" if change.is_more == is_bad_if_more else "ok"
