import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0005_keep_signals"),
        ("styling", "0002_keep_traces"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LearningChoices",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("choices", models.JSONField(default=dict)),
                ("previous", models.JSONField(null=True)),
                (
                    "owner",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="learning_choices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "learning choices",
            },
        ),
        migrations.CreateModel(
            name="PreferenceSignal",
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
                        choices=[
                            ("accepted", "Worn"),
                            ("rejected", "Not for me"),
                            ("instead", "Wore something else"),
                        ],
                        max_length=16,
                    ),
                ),
                ("features", models.JSONField(default=dict)),
                ("against", models.JSONField(default=dict)),
                ("reasons", models.JSONField(default=list)),
                ("propensity", models.FloatField(null=True)),
                ("day", models.DateField(help_text="Of the event.")),
                (
                    "about",
                    models.CharField(help_text="What the wearer dressed for.", max_length=80),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preference_signals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "suggestion",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preference_signal",
                        to="styling.suggestion",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["owner", "-id"], name="preference_signal_newest")],
            },
        ),
    ]
