import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wardrobe", "0005_keep_sleeve_length_and_alternatives"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="garment",
            name="washed_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="Wear",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(blank=True, null=True)),
                ("times", models.PositiveIntegerField(default=1)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("accepted", "An outfit you chose"),
                            ("instead", "Worn instead of an outfit"),
                            ("said", "You said so"),
                            ("earlier", "Counted before there was a log"),
                        ],
                        max_length=16,
                    ),
                ),
                ("origin", models.UUIDField(blank=True, db_index=True, editable=False, null=True)),
                ("is_planned", models.BooleanField(default=False, verbose_name="planned")),
                ("is_washed", models.BooleanField(default=False, verbose_name="washed since")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "garment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wears",
                        to="wardrobe.garment",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wears",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": [
                    models.OrderBy(models.F("day"), descending=True, nulls_last=True),
                    "-pk",
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_planned", True)),
                        fields=["day", "owner"],
                        name="wear_planned",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("source", "earlier"), _negated=True),
                        fields=("garment", "day", "origin"),
                        name="wear_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source", "earlier"),
                            models.Q(("day__isnull", False), ("times", 1)),
                            _connector="OR",
                        ),
                        name="wear_has_a_day",
                    ),
                ],
            },
        ),
    ]
