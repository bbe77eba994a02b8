"""What the scheduler runs for monitoring."""

import logging
from functools import partial

from django.db import transaction
from django.utils import timezone
from django_rq import get_queue
from redis.exceptions import RedisError

from feedback.review.accuracy import list_estimates
from monitoring.alerts import actions, delivery, evaluation
from monitoring.coverage.reading import list_mixes
from monitoring.drift.at_once import has_news
from monitoring.drift.report import carry_out, make_report
from monitoring.figures import building, retention
from monitoring.models import DriftComparison
from monitoring.opinions import building as opinions
from monitoring.probe.asking import probe_engines

logger = logging.getLogger(__name__)

QUEUE = "maintenance"
COMPARE_FOR_S = 600


def build_rollups_job() -> None:
    """Calls, and what people made of the answers."""
    now = timezone.now()
    building.build_due(now)
    opinions.build_due(now)


def count_late_calls_job() -> int:
    """Found ones are a sign of a restore or of a clock that is wrong."""
    now = timezone.now()
    found = building.count_late_calls(now)
    opinions.count_again(now)
    if found:
        logger.warning("%s calls came after their period had been counted", found)
    return found


def delete_old_calls_job() -> int:
    """Answers with how many calls were removed."""
    return retention.delete_old_calls(timezone.now())


def evaluate_alerts_job() -> list[str]:
    """Look at every rule; answers with the alerts that took a step. A value that was never seen is reported at once."""
    if has_news(timezone.now()):
        report_drift_job()
    return [f"{alert} {alert.state}" for alert in evaluation.evaluate_rules()]


def carry_out_actions_job() -> list[str]:
    """What rules do after a delay; answers with the alerts whose delay is over."""
    return [f"{alert}: {alert.action_note}" for alert in actions.carry_out_due()]


def deliver_notifications_job() -> int:
    return delivery.deliver_due()


def probe_engines_job() -> dict[str, str]:
    """What each engine did, by its name."""
    return probe_engines()


def report_drift_job() -> int:
    """Answers with the key of the report. Run twice, it makes two: the newest counts."""
    report = make_report()
    report.mixes = [mix.to_json() for mix in list_mixes(report.created_at, one_of=report.one_of)]
    report.reviewed = [estimate.to_json() for estimate in list_estimates()]
    report.save(update_fields=["mixes", "reviewed"])
    return report.pk


def enqueue_comparison(comparison: DriftComparison) -> None:
    """Queue it once the transaction has committed."""
    transaction.on_commit(partial(push_comparison, comparison.pk), robust=True)


def push_comparison(pk: int) -> None:
    try:
        get_queue(QUEUE).enqueue(compare_job, pk, result_ttl=0, job_timeout=COMPARE_FOR_S)
    except (RedisError, OSError):
        logger.warning("the comparison %s waits to be asked for again", pk, exc_info=True)


def compare_job(pk: int) -> None:
    """Once: one that is done is left as it is."""
    if comparison := DriftComparison.objects.filter(pk=pk, findings__isnull=True).first():
        carry_out(comparison)
