"""Lineage as its page reads it: a version with all that is in it, a correction with all that it went into."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from feedback.lineage.passages import Passage, Role, Scope
from feedback.lineage.roads import find_passages, list_corrections
from feedback.models import Correction, ReviewDecision
from registry.models import Alias, Deployment, PromptVersion


@dataclass(frozen=True)
class Entry:
    """One correction in one version, by one road, and who reviewed it."""

    correction: Correction
    passage: Passage
    reviewers: str


@dataclass(frozen=True)
class VersionLineage:
    """`unnamed` counts passages of examples in which nothing was corrected, or whose corrections went with an account."""

    version: PromptVersion
    live_since: datetime | None
    entries: list[Entry]
    unnamed: int
    roads: list[tuple[str, str, int]] = field(default_factory=list)
    """What the corrections went through: its name, its page, how many."""

    @property
    def wearers(self) -> int:
        return len({entry.correction.owner_id for entry in self.entries})

    @property
    def withdrawn(self) -> int:
        return sum(entry.passage.is_withdrawn for entry in self.entries)

    @property
    def sentence(self) -> str:
        """The page's first one."""
        told = []
        for role, verb in ((Role.LEARNED, "learned from"), (Role.JUDGED, "was checked against")):
            keys = {one.correction.pk for one in self.entries if one.passage.role == role}
            if keys:
                told.append(f"{verb} {count(len(keys), 'correction')}")
        if not told:
            return f"{self.version} has nothing of what wearers corrected."
        return f"{self.version} {' and '.join(told)} of {count(self.wearers, 'wearer')}."


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def read_version(version: PromptVersion) -> VersionLineage:
    """Everything in a version that began as a correction."""
    passages = find_passages(Scope(version=version))
    known = read_corrections(passages)
    reviewers = read_reviewers(one for found in known.values() for one in found)
    entries, unnamed = [], 0
    for passage in passages:
        corrections = list_corrections(passage, known)
        unnamed += not corrections
        entries += [Entry(one, passage, reviewers.get(one.pk, "–")) for one in corrections]
    entries.sort(key=lambda entry: entry.correction.pk)
    through = Counter((one.passage.through, one.passage.address) for one in entries)
    roads = [(name, address, number) for (name, address), number in sorted(through.items())]
    return VersionLineage(version, find_live_since(version), entries, unnamed, roads)


def read_corrections(passages: Iterable[Passage]) -> dict[str, list[Correction]]:
    """By the call's key, the accepted corrections of the calls of some passages, and those that these name."""
    calls = {passage.call_id for passage in passages}
    named = {passage.correction_id for passage in passages if passage.correction_id}
    known: dict[str, list[Correction]] = defaultdict(list)
    corrections = Correction.objects.filter(
        Q(call__in=calls, review=Correction.Review.ACCEPTED) | Q(pk__in=named)
    )
    for correction in corrections.select_related("garment", "version__prompt"):
        known[str(correction.call_id)].append(correction)
    return known


def read_reviewers(corrections: Iterable[Correction]) -> dict[int, str]:
    """Who decided on each correction, by its key."""
    keys = [correction.pk for correction in corrections]
    decisions = ReviewDecision.objects.standing().filter(item__correction__in=keys)
    names: dict[int, list[str]] = defaultdict(list)
    for decision in decisions.select_related("reviewer", "item").order_by("pk"):
        names[decision.item.correction_id or 0].append(name_reviewer(decision))
    return {key: ", ".join(said) for key, said in names.items()}


def name_reviewer(decision: ReviewDecision) -> str:
    """With what they said, where it was not that the wearer is right."""
    name = decision.reviewer.get_full_name() or str(decision.reviewer)
    if decision.verdict == ReviewDecision.Verdict.WEARER:
        return name
    return f"{name}: {decision.get_verdict_display().lower()}"


def find_live_since(version: PromptVersion) -> datetime | None:
    """Since when a version is live; None if it is not."""
    live = Alias.objects.filter(version=version, name=Alias.Name.PRODUCTION).exists()
    moves = Deployment.objects.filter(to_version=version, alias=Alias.Name.PRODUCTION)
    return moves.values_list("created_at", flat=True).first() if live else None


@dataclass(frozen=True)
class Arrival:
    """A version that a correction went into, by which passage, and since when that is live."""

    version: PromptVersion
    passage: Passage
    live_since: datetime | None


@dataclass(frozen=True)
class CorrectionLineage:
    """`by_hand` is the newest entry of who settled it in the list of corrections, without the queue."""

    correction: Correction
    decisions: list[ReviewDecision]
    by_hand: LogEntry | None
    arrivals: list[Arrival]


def read_correction(correction: Correction) -> CorrectionLineage:
    """The way of one correction: what reviewers said of it, and the versions that it went into."""
    decisions = ReviewDecision.objects.standing().filter(item__correction=correction)
    return CorrectionLineage(
        correction,
        list(decisions.select_related("reviewer").order_by("pk")),
        find_settled_by_hand(correction),
        find_arrivals([correction]).get(correction.pk, []),
    )


def find_settled_by_hand(correction: Correction) -> LogEntry | None:
    about = ContentType.objects.get_for_model(Correction)
    entries = LogEntry.objects.filter(content_type=about, object_id=str(correction.pk))
    return entries.select_related("user").order_by("-pk").first()


def find_arrivals(corrections: Iterable[Correction]) -> dict[int, list[Arrival]]:
    """By a correction's key, the versions that it went into; what is live comes first."""
    known = defaultdict(list)
    for correction in corrections:
        known[str(correction.call_id)].append(correction)
    calls = [one.call_id for found in known.values() for one in found]
    passages = find_passages(Scope(calls=calls)) if calls else []
    keys = {passage.version_id for passage in passages}
    versions = PromptVersion.objects.select_related("prompt").in_bulk(keys)
    since = {key: find_live_since(version) for key, version in versions.items()}
    arrivals: dict[int, list[Arrival]] = defaultdict(list)
    for passage in passages:
        arrival = Arrival(versions[passage.version_id], passage, since[passage.version_id])
        for correction in list_corrections(passage, known):
            arrivals[correction.pk].append(arrival)
    for found in arrivals.values():
        found.sort(key=lambda one: (one.live_since is None, -one.version.number))
    return arrivals
