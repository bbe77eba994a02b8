"""What waits in the queue by confusion: an attribute, the model's word and the wearer's, which one answer can decide."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, Min, Q, QuerySet, When

from accounts.models import User
from feedback.models import ReviewDecision, ReviewItem
from feedback.values import read_word

SHOWN = 8


@dataclass(frozen=True)
class WaitingConfusion:
    """`first` is the key of an item with it that this reviewer may decide. Of `decided` corrections with the same words
    reviewers sided with the wearer in `for_wearer`."""

    field: str
    said: str
    right: str
    first: int
    waiting: int
    wearers: int
    for_wearer: int
    decided: int


def list_waiting(reviewer: User) -> list[WaitingConfusion]:
    """The commonest SHOWN that wait for a reviewer, of two items and more."""
    corrected = ReviewItem.objects.waiting_for(reviewer).exclude(correction=None)
    groups = group(corrected, "").annotate(
        first=Min("pk"), waiting=Count("pk"), wearers=Count("garment__owner", distinct=True)
    )
    waiting = groups.filter(waiting__gt=1).order_by("-waiting", "first")[:SHOWN]
    decided = count_decided() if waiting else {}
    return [
        WaitingConfusion(
            *name_words(row),
            first=row["first"],
            waiting=row["waiting"],
            wearers=row["wearers"],
            for_wearer=decided.get(name_words(row), (0, 0))[0],
            decided=decided.get(name_words(row), (0, 0))[1],
        )
        for row in waiting
    ]


def count_decided() -> dict[tuple[str, str, str], tuple[int, int]]:
    """By confusion, how many decisions on corrections were for the wearer, and how many there are."""
    verdict = ReviewDecision.Verdict
    told = ReviewDecision.objects.standing().exclude(verdict=verdict.UNSURE)
    rows = group(told.exclude(item__correction=None), "item__").annotate(
        for_wearer=Count("pk", filter=Q(verdict=verdict.WEARER)), decided=Count("pk")
    )
    return {name_words(row): (row["for_wearer"], row["decided"]) for row in rows}


def group(rows: QuerySet[Any], path: str) -> QuerySet[Any]:
    """By the attribute and both words; of colours by the main one. `path` leads to the item."""
    said = f"{path}correction__user_value"
    main = When(**{f"{path}field": "colours"}, then=F(f"{said}__0__name"))
    words = {"of": F(f"{path}field"), "model": F(f"{path}model_value")}
    return rows.order_by().values(**words, wearer=Case(main, default=F(said)))


def name_words(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["of"], read_word(row["model"]), read_word(row["wearer"])
