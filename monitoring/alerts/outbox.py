"""What is told of an alert, and to whom: written in the transaction of the step that it tells of."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from monitoring.alerts.sentences import say_alert, say_began
from monitoring.models import Alert, Notification, WebhookEndpoint


def tell(alert: Alert, kind: str, now: datetime) -> None:
    """One message to each address and endpoint, unless the alert is silenced or archived. It opens and closes once to each."""
    if alert.archived_at or alert.is_silenced(now):
        return
    body = describe(alert, kind, now)
    mails = [(Notification.Channel.EMAIL, address) for address in settings.ALERT_EMAILS]
    urls = WebhookEndpoint.objects.filter(is_enabled=True).values_list("url", flat=True)
    hooks = [(Notification.Channel.WEBHOOK, url) for url in urls]
    Notification.objects.bulk_create(
        [
            Notification(
                alert=alert, kind=kind, channel=channel, target=target, body=body, next_try_at=now
            )
            for channel, target in [*mails, *hooks]
        ],
        ignore_conflicts=True,
    )


def describe(alert: Alert, kind: str, now: datetime) -> dict[str, Any]:
    """The JSON that webhooks get. Numbers and names of ours, nothing that anybody wrote."""
    page = reverse("admin:monitoring_alert_change", args=[alert.pk])
    return {
        "type": f"alert.{kind}",
        "timestamp": now.isoformat(),
        "data": {
            "id": alert.pk,
            "sentence": say_alert(alert),
            "rule": alert.rule.name,
            "measure": alert.rule.measure,
            "severity": alert.rule.severity,
            "task": alert.task,
            "version": alert.version.number if alert.version else None,
            "figures": alert.figures,
            "began": say_began(alert),
            "regressed": alert.regressed,
            "url": f"{settings.SITE_URL}{page}",
        },
    }
