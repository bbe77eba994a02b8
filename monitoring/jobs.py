"""What the scheduler has monitoring do."""

from monitoring.drift.report import make_report


def report_drift_job() -> int:
    """Answers with the key of the report. Run twice, it makes two: the newest counts."""
    return make_report().pk
