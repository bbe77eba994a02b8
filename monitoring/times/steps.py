"""Where the time of answers went."""

from dataclasses import dataclass

from monitoring.figures.reading import Figures
from telemetry.steps import STEP_SEGMENTS, STEPS


@dataclass(frozen=True)
class Step:
    """Means in milliseconds of the calls that timed it, None without any; places in percent of all steps together."""

    name: str
    calls: int
    now_ms: float | None
    usual_ms: float | None
    segment: str
    starts_at: float
    width: float
    usual_at: float | None


def list_steps(figures: Figures, usual: Figures) -> list[Step]:
    """In the order of time; none where no call was timed. Each bar begins where the one before it ends."""
    timed = [name for name in STEPS if figures.step_calls.get(name)]
    means = {name: mean_ms(figures, name) or 0.0 for name in timed}
    whole = sum(means.values()) or 1.0
    steps, reached = [], 0.0
    for name in timed:
        before, width = mean_ms(usual, name), 100 * means[name] / whole
        mark = None if before is None else round(min(100.0, reached + 100 * before / whole), 2)
        steps.append(
            Step(
                name=STEPS[name],
                calls=figures.step_calls[name],
                now_ms=means[name],
                usual_ms=before,
                segment=STEP_SEGMENTS[name],
                starts_at=round(reached, 2),
                width=round(width, 2),
                usual_at=mark,
            )
        )
        reached += width
    return steps


def mean_ms(figures: Figures, step: str) -> float | None:
    calls = figures.step_calls.get(step, 0)
    return figures.step_us[step] / calls / 1000 if calls else None
