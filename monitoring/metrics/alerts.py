"""The alerts that are open, for whoever has an alert manager already."""

from collections.abc import Iterator

from django.db.models import Count
from django.db.models.functions import Now
from prometheus_client.core import GaugeMetricFamily, Metric

from monitoring.models import Alert


class AlertCollector:
    def collect(self) -> Iterator[Metric]:
        family = GaugeMetricFamily(
            "dresscode_alerts_open",
            "Alerts that fire, but for silenced and archived ones.",
            labels=["rule", "severity", "task"],
        )
        firing = Alert.objects.open().filter(state=Alert.State.FIRING, archived_at=None)
        found = firing.exclude(silenced_until__gt=Now()).order_by("rule__name", "task")
        for rule, severity, task, count in found.values_list(
            "rule__name", "rule__severity", "task"
        ).annotate(Count("pk")):
            family.add_metric([rule, severity, task], count)
        yield family
