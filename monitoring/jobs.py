"""What the scheduler enqueues for monitoring."""

from monitoring.alerts import actions, delivery, evaluation


def evaluate_alerts_job() -> list[str]:
    """Look at every rule; answers with the alerts that took a step."""
    return [f"{alert} {alert.state}" for alert in evaluation.evaluate_rules()]


def carry_out_actions_job() -> list[str]:
    """What rules do after a delay; answers with the alerts whose delay is over."""
    return [f"{alert}: {alert.action_note}" for alert in actions.carry_out_due()]


def deliver_notifications_job() -> int:
    return delivery.deliver_due()
