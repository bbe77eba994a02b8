"""What the scheduler runs for monitoring."""

import logging

from django.utils import timezone

from monitoring.figures import building

logger = logging.getLogger(__name__)


def build_rollups_job() -> None:
    building.build_due(timezone.now())


def count_late_calls_job() -> int:
    """Found ones are a sign of a restore or of a clock that is wrong."""
    found = building.count_late_calls(timezone.now())
    if found:
        logger.warning("%s calls came after their period had been counted", found)
    return found
