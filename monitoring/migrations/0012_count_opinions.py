import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What people made of answers, by hour and day; the first run of the job counts all that there is."""

    dependencies = [
        ("monitoring", "0011_name_the_canary_that_began"),
        ("registry", "0010_refuse_truncate"),
    ]

    operations = [
        migrations.CreateModel(
            name="OpinionProgress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "built_until",
                    models.DateTimeField(help_text="All that was said before was counted."),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OpinionRollup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("grain", models.CharField(choices=[("1h", "Hour"), ("1d", "Day")], max_length=2)),
                ("starts_at", models.DateTimeField(help_text="Days are those of UTC.")),
                ("task", models.CharField(max_length=64)),
                ("format", models.CharField(blank=True, max_length=16)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("kept", "There"),
                            ("gone", "Removed"),
                            ("leaving", "Removed just now"),
                        ],
                        max_length=7,
                    ),
                ),
                ("described", models.PositiveIntegerField(default=0, help_text="Garments.")),
                (
                    "asked",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Of these, those of which the wearer was asked to look.",
                    ),
                ),
                (
                    "corrected",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Of these, those of which the wearer changed something.",
                    ),
                ),
                (
                    "rated",
                    models.PositiveIntegerField(
                        default=0, help_text="Outfits with a word on them."
                    ),
                ),
                (
                    "worn",
                    models.PositiveIntegerField(
                        default=0, help_text="Of these, those that were worn."
                    ),
                ),
                (
                    "changed",
                    models.JSONField(
                        default=dict,
                        help_text="Of the garments described, those of which it was changed, by field.",
                    ),
                ),
                (
                    "corrections",
                    models.JSONField(
                        default=dict, help_text="Corrections made in the period, by field."
                    ),
                ),
                (
                    "swaps",
                    models.JSONField(
                        default=dict,
                        help_text="The same, by field, what was said and what it was changed to, as JSON.",
                    ),
                ),
                (
                    "decisions",
                    models.JSONField(
                        default=dict, help_text="What reviewers decided in the period, by field."
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.promptversion",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "leaving")),
                        fields=["starts_at"],
                        name="opinions_leaving",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "leaving"), _negated=True),
                        fields=("grain", "starts_at", "task", "version", "format", "state"),
                        name="opinions_once",
                    )
                ],
            },
        ),
    ]
