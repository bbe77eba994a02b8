import django.core.validators
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0004_time_the_steps"),
        ("registry", "0005_record_steps"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="alert",
            name="alert_open_once",
        ),
        migrations.RemoveConstraint(
            model_name="notification",
            name="notification_once",
        ),
        migrations.AddField(
            model_name="alert",
            name="archived_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="alert",
            name="archived_figures",
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name="alert",
            name="aspect",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            model_name="alertrule",
            name="compared_with",
            field=models.CharField(
                blank=True,
                choices=[
                    ("before", "Their share in the window before"),
                    ("weeks", "Their share at the same hours of the last four weeks"),
                ],
                help_text="Of all versions of the task. Blank: with the allowed share.",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="alertrule",
            name="factor",
            field=models.FloatField(
                db_default=1.5,
                default=1.5,
                help_text="What a comparison allows; for a burn rate, of the allowed share.",
                validators=[
                    django.core.validators.MinValueValidator(1.0),
                    django.core.validators.MaxValueValidator(100.0),
                ],
                verbose_name="so many times as much",
            ),
        ),
        migrations.AlterField(
            model_name="alertrule",
            name="measure",
            field=models.CharField(
                choices=[
                    ("failed", "Calls that failed"),
                    ("slow", "Answers outside the latency goal"),
                    ("shown", "Answers shown with a fault"),
                    ("withheld", "Answers with a fault that nobody saw"),
                    ("corrected", "Answers that wearers corrected"),
                    ("burn", "Calls that failed, by burn rate"),
                    ("absence", "No calls at all"),
                    ("queue", "Photos that wait for too long"),
                    ("drift", "Data that drifted"),
                    ("new_value", "Values that were never seen"),
                    ("probe", "Engines that do not answer the probe"),
                ],
                max_length=16,
                verbose_name="watches",
            ),
        ),
        migrations.AlterField(
            model_name="notification",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opened", "Opened"),
                    ("worse", "Worse than when it was archived"),
                    ("closed", "Closed"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("rule", "task", "version", "aspect"),
                name="alert_open_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="alertrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("factor__gte", 1)), name="alert_rule_factor"
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ["opened", "closed"])),
                fields=("alert", "kind", "channel", "target"),
                name="notification_once",
            ),
        ),
    ]
