"""What the newest report on drift found, by property and by what it was compared with."""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric

from monitoring.drift.sentences import read_findings
from monitoring.models import DriftReport


class DriftCollector:
    """Nothing before the first report."""

    def collect(self) -> Iterator[Metric]:
        report = DriftReport.objects.first()
        if report is None:
            return
        labels = ["property", "reference"]
        distance = GaugeMetricFamily(
            "dresscode_drift_distance", "Jensen-Shannon distance, 0 to 1.", labels=labels
        )
        alarm = GaugeMetricFamily(
            "dresscode_drift_alarm", "Whether it has drifted, or has a new value.", labels=labels
        )
        for finding in read_findings(report):
            values = [finding.name, finding.reference]
            alarm.add_metric(values, float(finding.is_alarm))
            if finding.distance is not None:
                distance.add_metric(values, finding.distance)
        yield from (distance, alarm)
        made = GaugeMetricFamily(
            "dresscode_drift_report_timestamp_seconds", "When the windows were compared last."
        )
        made.add_metric([], report.created_at.timestamp())
        yield made
