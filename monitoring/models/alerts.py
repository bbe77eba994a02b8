"""Rules of alerts, the alerts that they raised, every step of these, and who is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now

from registry.models import Deployment, PromptVersion

MAX_WINDOW_MINUTES = 24 * 60


class AlertRule(models.Model):
    """When somebody is told: too many bad calls in a window, by an exact test, or calls that stay away."""

    class Measure(models.TextChoices):
        FAILED = "failed", "Calls that failed"
        SLOW = "slow", "Answers outside the latency goal"
        SHOWN = "shown", "Answers shown with a fault"
        NEVER_SHOWN = "never_shown", "Answers shown with what must never be shown"
        WITHHELD = "withheld", "Answers with a fault that nobody saw"
        CORRECTED = "corrected", "Answers that wearers corrected"
        BURN = "burn", "Calls that failed, by burn rate"
        ABSENCE = "absence", "No calls at all"
        QUEUE = "queue", "Photos that wait for too long"
        DRIFT = "drift", "Data that drifted"
        NEW_VALUE = "new_value", "Values that were never seen"
        PROBE = "probe", "Engines that do not answer the probe"

    class Yardstick(models.TextChoices):
        BEFORE = "before", "Their share in the window before"
        WEEKS = "weeks", "Their share at the same hours of the last four weeks"

    class Severity(models.TextChoices):
        WARN = "warn", "To watch"
        BAD = "bad", "Needs you now"

    class Action(models.TextChoices):
        NONE = "none", "Nothing"
        STOP_CANARY = "stop_canary", "Stop the canary"
        ROLL_BACK = "roll_back", "Roll back to the last version that passed"

    key = models.SlugField(  # noqa: DJ001 unique
        null=True, unique=True, editable=False, help_text="Of a rule that comes with the code."
    )
    name = models.CharField(max_length=80, unique=True)
    measure = models.CharField("watches", max_length=16, choices=Measure)
    code = models.SlugField(
        "fault", max_length=64, blank=True, help_text="The code of one check; blank for any."
    )
    task = models.SlugField(
        max_length=64, blank=True, help_text="Blank for every task, a series each."
    )
    window_minutes = models.PositiveIntegerField(
        "in the last, minutes",
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_WINDOW_MINUTES)],
    )
    objective = models.FloatField(
        "allowed share, 0 to 1",
        default=0.02,
        validators=[MinValueValidator(1e-6), MaxValueValidator(0.5)],
        help_text="Of a healthy site at most so many calls are bad: 0.02 for 2 %.",
    )
    compared_with = models.CharField(
        max_length=8,
        choices=Yardstick,
        blank=True,
        help_text="Of all versions of the task. Blank: with the allowed share.",
    )
    factor = models.FloatField(
        "so many times as much",
        default=1.5,
        db_default=1.5,
        validators=[MinValueValidator(1.0), MaxValueValidator(100.0)],
        help_text="What a comparison allows; for a burn rate, of the allowed share.",
    )
    p_value = models.FloatField(
        "p at most",
        default=0.001,
        validators=[MinValueValidator(1e-9), MaxValueValidator(0.1)],
        help_text="How improbable it has to be that a healthy site has so many bad calls.",
    )
    min_bad = models.PositiveIntegerField(
        "at least so many bad", default=3, validators=[MinValueValidator(1)]
    )
    for_minutes = models.PositiveIntegerField(
        "fires after, minutes", default=0, validators=[MaxValueValidator(MAX_WINDOW_MINUTES)]
    )
    keep_minutes = models.PositiveIntegerField(
        "closes after quiet, minutes",
        default=30,
        validators=[MaxValueValidator(MAX_WINDOW_MINUTES)],
    )
    severity = models.CharField(max_length=8, choices=Severity, default=Severity.WARN)
    action = models.CharField("when it fires", max_length=16, choices=Action, default=Action.NONE)
    action_delay_s = models.PositiveIntegerField(
        "after a delay, seconds",
        default=0,
        validators=[MaxValueValidator(3600)],
        help_text="In which a person may stop it.",
    )
    is_enabled = models.BooleanField("enabled", default=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="alert_rule_window",
                condition=Q(window_minutes__gte=1, window_minutes__lte=MAX_WINDOW_MINUTES),
            ),
            models.CheckConstraint(
                name="alert_rule_test",
                condition=Q(objective__gt=0, objective__lte=0.5, p_value__gt=0, p_value__lte=0.1)
                & Q(min_bad__gte=1),
            ),
            models.CheckConstraint(name="alert_rule_factor", condition=Q(factor__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name


class AlertQuerySet(models.QuerySet["Alert"]):
    def opened(self) -> AlertQuerySet:
        """Those that fired, now or once."""
        return self.filter(opened_at__isnull=False)

    def open(self) -> AlertQuerySet:
        """Those that fired and have not closed."""
        return self.opened().filter(closed_at=None)

    def current(self) -> AlertQuerySet:
        """Those that have not closed, pending ones among them."""
        return self.filter(closed_at=None)

    def of_series(self, alert: Alert) -> AlertQuerySet:
        """Those of the same rule and series."""
        return self.filter(
            rule=alert.rule, task=alert.task, version=alert.version, aspect=alert.aspect
        )


class Alert(models.Model):
    """What one rule found in one series, from the first sign until it is over.

    A series is a task and a version, or a task alone, or neither; `aspect` is the property that drifted or the engine that is
    probed. `figures` are those of the last look that found it bad: `bad` of `total`, `p`, and `calls`, up to five ids of
    bad ones. `held_s` is how long the state has been seen to hold. While it is archived nobody is told, until it is worse
    than `archived_figures`.
    """

    class State(models.TextChoices):
        OK = "ok", "OK"
        PENDING = "pending", "Pending"
        FIRING = "firing", "Firing"
        RECOVERING = "recovering", "Recovering"

    class ActionState(models.TextChoices):
        NONE = "none", "None"
        WAITING = "waiting", "Waits for its delay"
        DONE = "done", "Done"
        STOPPED = "stopped", "Stopped by a person"
        REFUSED = "refused", "Could not be done"
        DROPPED = "dropped", "No longer needed"

    rule = models.ForeignKey(AlertRule, on_delete=models.PROTECT, related_name="alerts")
    task = models.CharField(max_length=64, blank=True)
    version = models.ForeignKey(
        PromptVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )
    aspect = models.CharField(max_length=64, blank=True, default="", db_default="")
    state = models.CharField(max_length=16, choices=State)
    held_s = models.FloatField(default=0.0)
    seen_at = models.DateTimeField(help_text="The last look that had data.")
    no_data_since = models.DateTimeField(null=True)
    figures = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    regressed = models.BooleanField(
        default=False, help_text="The same series had closed less than a day before."
    )
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    silenced_until = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    archived_figures = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    began_after = models.ForeignKey(
        Deployment,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="What went live within half an hour before.",
    )
    action_state = models.CharField(max_length=16, choices=ActionState, default=ActionState.NONE)
    action_due_at = models.DateTimeField(null=True)
    action_note = models.TextField(blank=True)
    action_deployment = models.ForeignKey(
        Deployment, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "task", "version", "aspect"],
                name="alert_open_once",
                condition=Q(closed_at__isnull=True),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="alert_closed_is_ok",
                condition=Q(closed_at__isnull=True, state__in=["pending", "firing", "recovering"])
                | Q(closed_at__isnull=False, state="ok"),
            ),
        ]
        indexes = [
            models.Index(fields=["rule", "task", "version", "closed_at"], name="alert_series"),
        ]

    def __str__(self) -> str:
        return f"A-{self.pk}"

    @property
    def series(self) -> str:
        """For people: "suggest_outfit v7"."""
        if self.version:
            return f"{self.task} v{self.version.number}"
        if self.aspect:
            return f"{self.task} by {self.aspect}" if self.task else self.aspect
        return self.task or "all queues"

    def add_note(
        self, note: str, at: datetime, *, actor: Any = None, figures: dict[str, Any] | None = None
    ) -> None:
        """A row of its life that is no step: what somebody did, or a rule."""
        self.transitions.create(
            from_state=self.state,
            to_state=self.state,
            at=at,
            figures=figures or {},
            note=note,
            actor=actor,
        )

    def is_silenced(self, now: datetime) -> bool:
        return self.silenced_until is not None and self.silenced_until > now


class AlertTransition(models.Model):
    """One step of an alert, or what somebody did to it: append-only, the database refuses to change one."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="transitions")
    from_state = models.CharField(max_length=16, choices=Alert.State)
    to_state = models.CharField(max_length=16, choices=Alert.State)
    at = models.DateTimeField()
    figures = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.alert}: {self.from_state} → {self.to_state}"


class WebhookEndpoint(models.Model):
    """A program that is told. The secret signs what it gets, so it is kept as it is."""

    url = models.CharField(
        "URL",
        max_length=500,
        unique=True,
        validators=[URLValidator(schemes=["http", "https"])],
    )
    secret = models.CharField(max_length=100, editable=False)
    is_enabled = models.BooleanField("enabled", default=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["url"]

    def __str__(self) -> str:
        return self.url


class NotificationQuerySet(models.QuerySet["Notification"]):
    def due(self, now: datetime) -> NotificationQuerySet:
        return self.filter(sent_at=None, next_try_at__lte=now)


class Notification(models.Model):
    """The outbox: one message to one place, written with the step that it tells of.

    `next_try_at` is empty once it is sent or given up.
    """

    class Kind(models.TextChoices):
        OPENED = "opened", "Opened"
        WORSE = "worse", "Worse than when it was archived"
        CLOSED = "closed", "Closed"

    class Channel(models.TextChoices):
        EMAIL = "email", "Mail"
        WEBHOOK = "webhook", "Webhook"

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="notifications")
    kind = models.CharField(max_length=8, choices=Kind)
    channel = models.CharField(max_length=8, choices=Channel)
    target = models.CharField(max_length=500, help_text="An address of mail, or a URL.")
    body = models.JSONField(help_text="What is told, as it was when it happened.")
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, db_default=Now())
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["alert", "kind", "channel", "target"],
                name="notification_once",
                condition=Q(kind__in=["opened", "closed"]),
            )
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="notification_due",
                condition=Q(sent_at__isnull=True, next_try_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.alert} {self.kind}, {self.channel}"
