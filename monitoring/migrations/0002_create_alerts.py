from pathlib import Path

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from registry.sql import RunSqlFile

SQL = Path(__file__).resolve().parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0001_create_rollups"),
        ("registry", "0004_index_ended_calls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="WebhookEndpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "url",
                    models.CharField(
                        max_length=500,
                        unique=True,
                        validators=[django.core.validators.URLValidator(schemes=["http", "https"])],
                        verbose_name="URL",
                    ),
                ),
                ("secret", models.CharField(editable=False, max_length=100)),
                ("is_enabled", models.BooleanField(default=True, verbose_name="enabled")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "ordering": ["url"],
            },
        ),
        migrations.CreateModel(
            name="AlertRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.SlugField(
                        editable=False,
                        help_text="Of a rule that comes with the code.",
                        null=True,
                        unique=True,
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("failed", "Calls that failed"),
                            ("slow", "Answers outside the latency goal"),
                            ("shown", "Answers shown with a fault"),
                            ("withheld", "Answers with a fault that nobody saw"),
                            ("absence", "No calls at all"),
                            ("queue", "Photos that wait for too long"),
                        ],
                        max_length=16,
                        verbose_name="watches",
                    ),
                ),
                (
                    "code",
                    models.SlugField(
                        blank=True,
                        help_text="The code of one check; blank for any.",
                        max_length=64,
                        verbose_name="fault",
                    ),
                ),
                (
                    "task",
                    models.SlugField(
                        blank=True, help_text="Blank for every task, a series each.", max_length=64
                    ),
                ),
                (
                    "window_minutes",
                    models.PositiveIntegerField(
                        default=60,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="in the last, minutes",
                    ),
                ),
                (
                    "objective",
                    models.FloatField(
                        default=0.02,
                        help_text="Of a healthy site at most so many calls are bad: 0.02 for 2 %.",
                        validators=[
                            django.core.validators.MinValueValidator(1e-06),
                            django.core.validators.MaxValueValidator(0.5),
                        ],
                        verbose_name="allowed share, 0 to 1",
                    ),
                ),
                (
                    "p_value",
                    models.FloatField(
                        default=0.001,
                        help_text="How improbable it has to be that a healthy site has so many bad calls.",
                        validators=[
                            django.core.validators.MinValueValidator(1e-09),
                            django.core.validators.MaxValueValidator(0.1),
                        ],
                        verbose_name="p at most",
                    ),
                ),
                (
                    "min_bad",
                    models.PositiveIntegerField(
                        default=3,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="at least so many bad",
                    ),
                ),
                (
                    "for_minutes",
                    models.PositiveIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(1440)],
                        verbose_name="fires after, minutes",
                    ),
                ),
                (
                    "keep_minutes",
                    models.PositiveIntegerField(
                        default=30,
                        validators=[django.core.validators.MaxValueValidator(1440)],
                        verbose_name="closes after quiet, minutes",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("warn", "To watch"), ("bad", "Needs you now")],
                        default="warn",
                        max_length=8,
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("none", "Nothing"),
                            ("stop_canary", "Stop the canary"),
                            ("roll_back", "Roll back to the last version that passed"),
                        ],
                        default="none",
                        max_length=16,
                        verbose_name="when it fires",
                    ),
                ),
                (
                    "action_delay_s",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="In which a person may stop it.",
                        validators=[django.core.validators.MaxValueValidator(3600)],
                        verbose_name="after a delay, seconds",
                    ),
                ),
                ("is_enabled", models.BooleanField(default=True, verbose_name="enabled")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("window_minutes__gte", 1), ("window_minutes__lte", 1440)
                        ),
                        name="alert_rule_window",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("objective__gt", 0),
                            ("objective__lte", 0.5),
                            ("p_value__gt", 0),
                            ("p_value__lte", 0.1),
                            ("min_bad__gte", 1),
                        ),
                        name="alert_rule_test",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("task", models.CharField(blank=True, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ok", "OK"),
                            ("pending", "Pending"),
                            ("firing", "Firing"),
                            ("recovering", "Recovering"),
                        ],
                        max_length=16,
                    ),
                ),
                ("held_s", models.FloatField(default=0.0)),
                ("seen_at", models.DateTimeField(help_text="The last look that had data.")),
                ("no_data_since", models.DateTimeField(null=True)),
                ("figures", models.JSONField(default=dict)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("opened_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "regressed",
                    models.BooleanField(
                        default=False,
                        help_text="The same series had closed less than a day before.",
                    ),
                ),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("silenced_until", models.DateTimeField(null=True)),
                (
                    "action_state",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("waiting", "Waits for its delay"),
                            ("done", "Done"),
                            ("stopped", "Stopped by a person"),
                            ("refused", "Could not be done"),
                            ("dropped", "No longer needed"),
                        ],
                        default="none",
                        max_length=16,
                    ),
                ),
                ("action_due_at", models.DateTimeField(null=True)),
                ("action_note", models.TextField(blank=True)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "action_deployment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.deployment",
                    ),
                ),
                (
                    "began_after",
                    models.ForeignKey(
                        help_text="What went live within half an hour before.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.deployment",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.promptversion",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to="monitoring.alertrule",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="AlertTransition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "from_state",
                    models.CharField(
                        choices=[
                            ("ok", "OK"),
                            ("pending", "Pending"),
                            ("firing", "Firing"),
                            ("recovering", "Recovering"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("ok", "OK"),
                            ("pending", "Pending"),
                            ("firing", "Firing"),
                            ("recovering", "Recovering"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("figures", models.JSONField(default=dict)),
                ("note", models.TextField(blank=True)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transitions",
                        to="monitoring.alert",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("opened", "Opened"), ("closed", "Closed")], max_length=8
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "Mail"), ("webhook", "Webhook")], max_length=8
                    ),
                ),
                (
                    "target",
                    models.CharField(help_text="An address of mail, or a URL.", max_length=500),
                ),
                ("body", models.JSONField(help_text="What is told, as it was when it happened.")),
                ("attempts", models.PositiveIntegerField(default=0)),
                (
                    "next_try_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), null=True
                    ),
                ),
                ("sent_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=300)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notifications",
                        to="monitoring.alert",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(
                fields=["rule", "task", "version", "closed_at"], name="alert_series"
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("rule", "task", "version"),
                name="alert_open_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", True),
                        ("state__in", ["pending", "firing", "recovering"]),
                    ),
                    models.Q(("closed_at__isnull", False), ("state", "ok")),
                    _connector="OR",
                ),
                name="alert_closed_is_ok",
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("next_try_at__isnull", False), ("sent_at__isnull", True)),
                fields=["next_try_at"],
                name="notification_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(
                fields=("alert", "kind", "channel", "target"), name="notification_once"
            ),
        ),
        RunSqlFile("alerts.sql", SQL),
    ]
