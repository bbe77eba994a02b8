"""What can go wrong on a simulated site, which shipped rules are to see it, and how soon."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True)
class Fault:
    """`rules` are the keys of shipped ones that may see it; one of them has to within `within`, at the rates of `Rates`.

    The other fields are what it changes: `failed`, `slow` and `invented` are shares of asks, `heif` of uploads.
    """

    title: str
    rules: frozenset[str]
    within: timedelta
    failed: float = 0.0
    slower: float = 1.0
    invented: float = 0.0
    jpeg_xl: float = 0.0
    is_cold: bool = False
    is_queue_stopped: bool = False
    away: frozenset[str] = field(default=frozenset())
    is_quiet: bool = False


def rules(*keys: str) -> frozenset[str]:
    return frozenset(keys)


FAILED = ("failed-calls", "failed-calls-slowly", "more-failed-than-usual")
FAULTS: Mapping[str, Fault] = {
    "new-format": Fault(
        "5 % of uploads are JPEG XL, which nobody had sent",
        rules("new-values"),
        timedelta(hours=3),
        jpeg_xl=0.05,
    ),
    "slow-engine": Fault(
        "answers take four times as long", rules("slow-answers"), timedelta(minutes=30), slower=4.0
    ),
    "invented-garments": Fault(
        "2 % of answers name a garment that is not owned",
        rules("never-shown"),
        timedelta(minutes=60),
        invented=0.02,
    ),
    "broken-json": Fault(
        "30 % of answers are no JSON", rules(*FAILED), timedelta(minutes=30), failed=0.3
    ),
    "cold-snap": Fault(
        "everybody asks about a freezing day", rules("drift"), timedelta(days=5), is_cold=True
    ),
    "queue-stopped": Fault(
        "no worker takes photos", rules("stuck-photos"), timedelta(minutes=20),
        is_queue_stopped=True,
    ),
    "vllm-away": Fault(
        "vLLM does not answer, and the built-in engine steps in",
        rules("probe"),
        timedelta(minutes=6),
        away=frozenset({"vllm"}),
    ),
    "quiet-site": Fault(
        "nobody asks, and the built-in engine does not answer",
        rules("probe"),
        timedelta(minutes=6),
        away=frozenset({"builtin"}),
        is_quiet=True,
    ),
}  # fmt: skip
