"""How far two reviewers agree beyond chance."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from feedback.models import ReviewDecision


@dataclass(frozen=True)
class Agreement:
    """Cohen's kappa of one attribute over `items` that two reviewers decided; None where it is not defined."""

    field: str
    items: int
    kappa: float | None


def list_agreements() -> list[Agreement]:
    """Of every attribute of which an item has two decisions, the first two of each item."""
    pairs: dict[int, list[str]] = {}
    fields: dict[int, str] = {}
    decisions = ReviewDecision.objects.standing().filter(item__opinions__gt=1).order_by("pk")
    for item, field, verdict in decisions.values_list("item", "item__field", "verdict"):
        pairs.setdefault(item, []).append(verdict)
        fields[item] = field
    two = {item: (said[0], said[1]) for item, said in pairs.items() if len(said) > 1}
    names = sorted({fields[item] for item in two})
    return [
        measure(name, [pair for item, pair in two.items() if fields[item] == name])
        for name in names
    ]


def measure(field: str, pairs: list[tuple[str, str]]) -> Agreement:
    return Agreement(field, len(pairs), find_kappa(pairs))


def find_kappa(pairs: Iterable[tuple[str, str]]) -> float | None:
    """(observed - by chance) / (1 - by chance): J. Cohen, Educational and Psychological Measurement 20, 1960.

    None where chance alone would agree always, and of nothing.
    """
    told = list(pairs)
    if not told:
        return None
    n = len(told)
    observed = sum(one == other for one, other in told) / n
    first, second = (Counter(side) for side in zip(*told, strict=True))
    chance = sum(first[word] * second[word] for word in first) / n**2
    return None if chance == 1 else (observed - chance) / (1 - chance)
