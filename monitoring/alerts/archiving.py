"""Archive until worse: nobody is told of an alert, and it is no more than something to watch, until its figures are worse than
they were."""

from datetime import datetime

from monitoring.alerts import outbox
from monitoring.alerts.binomial import tail
from monitoring.alerts.counting import Observation
from monitoring.models import Alert, AlertRule

WORSE_P = 0.001


def is_worse(alert: Alert, found: Observation) -> bool:
    """More bad ones than when it was archived, by the conditional test of two counts.

    If the share were the same, each of the bad ones of both windows would be of now with the probability n / (n + n'),
    n and n' being all of both; for what waits, where all are no sample, with a half. At most `WORSE_P`.
    """
    before = alert.archived_figures
    bad, total = before.get("bad", 0), before.get("total", 0)
    if not (found.bad and found.total and total):
        return False
    is_queue = alert.rule.measure == AlertRule.Measure.QUEUE
    share = 0.5 if is_queue else found.total / (found.total + total)
    return tail(found.bad, found.bad + bad, share) <= WORSE_P


def wake(alert: Alert, found: Observation, now: datetime) -> None:
    """It is worse: it counts again, and everybody is told."""
    before = alert.archived_figures
    alert.archived_at, alert.archived_figures = None, {}
    alert.save(update_fields=["archived_at", "archived_figures"])
    note = (
        f"Worse than when it was archived: {found.bad} of {found.total}, "
        f"then {before.get('bad', 0)} of {before.get('total', 0)}."
    )
    alert.add_note(note, now, figures=alert.figures)
    outbox.tell(alert, "worse", now)


def inherit(alert: Alert, last: Alert) -> None:
    """What was archived when it closed is archived still as it comes back, unless it is worse."""
    found = Observation(alert.figures.get("bad", 0), alert.figures.get("total", 0))
    if not last.archived_at or is_worse(last, found):
        return
    alert.archived_at, alert.archived_figures = last.archived_at, last.archived_figures
