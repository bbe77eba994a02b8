from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from registry.sql import RunSqlFile

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0001_create_feedback"),
        ("registry", "0002_guard_what_goes_live"),
        ("wardrobe", "0004_keep_traces"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="correction",
            name="review",
            field=models.CharField(
                choices=[
                    ("pending", "To review"),
                    ("accepted", "Accepted"),
                    ("dismissed", "Dismissed"),
                    ("neither", "Neither was right"),
                ],
                default="pending",
                max_length=16,
            ),
        ),
        migrations.CreateModel(
            name="ReviewItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("correction", "Corrected"),
                            ("drifted", "Drifted"),
                            ("margin", "Close calls"),
                            ("random", "Random"),
                        ],
                        max_length=16,
                    ),
                ),
                ("priority", models.PositiveSmallIntegerField(help_text="The lowest comes first.")),
                ("field", models.CharField(max_length=32)),
                ("model_value", models.JSONField(null=True)),
                ("confidence", models.FloatField(null=True)),
                ("opinions", models.PositiveSmallIntegerField(default=1)),
                ("leased_until", models.DateTimeField(null=True)),
                ("shown_at", models.DateTimeField(help_text="To whoever holds it.", null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "correction",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="review_item",
                        to="feedback.correction",
                    ),
                ),
                (
                    "garment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="review_items",
                        to="wardrobe.garment",
                    ),
                ),
                (
                    "leased_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.promptversion",
                    ),
                ),
            ],
            options={
                "ordering": ["priority", "created_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ReviewDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("model", "The model is right"),
                            ("wearer", "The wearer is right"),
                            ("other", "Something else"),
                            ("unsure", "Cannot tell"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "value",
                    models.JSONField(help_text="What it is, if that can be told.", null=True),
                ),
                (
                    "took_ms",
                    models.PositiveIntegerField(help_text="From showing the item to the decision."),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="feedback.reviewdecision",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="feedback.reviewitem",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.AddIndex(
            model_name="reviewitem",
            index=models.Index(
                condition=models.Q(("decided_at", None)),
                fields=["priority", "created_at"],
                name="review_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewitem",
            constraint=models.UniqueConstraint(
                fields=("garment", "field"), name="review_item_once"
            ),
        ),
        RunSqlFile("append_only.sql", SQL),
    ]
