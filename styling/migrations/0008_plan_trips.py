import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("styling", "0007_keep_plans_and_calendars"),
        ("wardrobe", "0015_index_batches"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Trip",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                (
                    "wash_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "wears_longer",
                    models.BooleanField(
                        default=False,
                        help_text="Each is worn a day more before its wash.",
                        verbose_name="fewer pieces",
                    ),
                ),
                ("is_planned", models.BooleanField(default=False, verbose_name="in the calendar")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Without a list"),
                            ("waiting", "Waiting to be packed"),
                            ("packing", "Being packed"),
                            ("ready", "Packed"),
                            ("failed", "Could not be packed"),
                        ],
                        default="draft",
                        max_length=16,
                    ),
                ),
                ("progress", models.PositiveSmallIntegerField(default=0)),
                (
                    "verdict",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SlugField(max_length=32),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("former", models.JSONField(blank=True, default=dict)),
                ("attempt", models.PositiveSmallIntegerField(default=0)),
                ("packed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "looked_on",
                    models.DateField(
                        blank=True, help_text="When its sky was last read, in UTC.", null=True
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trips",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["starts_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="TripLeg",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField()),
                ("place", models.CharField(max_length=120)),
                ("latitude", models.FloatField(help_text="To a tenth of a degree.")),
                ("longitude", models.FloatField(help_text="To a tenth of a degree.")),
                ("time_zone", models.CharField(max_length=64)),
                (
                    "temperature",
                    models.SlugField(
                        blank=True, help_text="As expected: cold, mild, …", max_length=16
                    ),
                ),
                ("rain", models.SlugField(blank=True, max_length=16)),
                (
                    "trip",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="legs",
                        to="styling.trip",
                    ),
                ),
            ],
            options={
                "ordering": ["starts_on"],
            },
        ),
        migrations.CreateModel(
            name="TripOccasion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("kind", models.SlugField(max_length=32)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("weather", models.JSONField(blank=True, default=dict)),
                ("no_forecast", models.CharField(blank=True, max_length=32)),
                (
                    "faults",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SlugField(max_length=32),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("has_turned", models.BooleanField(default=False)),
                (
                    "trip",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="occasions",
                        to="styling.trip",
                    ),
                ),
            ],
            options={
                "ordering": ["day", "position"],
            },
        ),
        migrations.CreateModel(
            name="TripPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("chosen", "Chosen"),
                            ("added", "Added by hand"),
                            ("left_out", "Left at home"),
                        ],
                        default="chosen",
                        max_length=16,
                    ),
                ),
                ("copies", models.PositiveSmallIntegerField(default=1)),
                ("is_packed", models.BooleanField(default=False, verbose_name="in the bag")),
                (
                    "is_worn_there",
                    models.BooleanField(default=False, verbose_name="worn on the way"),
                ),
                ("is_spare", models.BooleanField(default=False, verbose_name="counted by days")),
                (
                    "garment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trip_pieces",
                        to="wardrobe.garment",
                    ),
                ),
                (
                    "trip",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="styling.trip",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="TripWear",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "garment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trip_wears",
                        to="wardrobe.garment",
                    ),
                ),
                (
                    "occasion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wears",
                        to="styling.tripoccasion",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.AddField(
            model_name="tripoccasion",
            name="garments",
            field=models.ManyToManyField(
                related_name="+", through="styling.TripWear", to="wardrobe.garment"
            ),
        ),
        migrations.AddIndex(
            model_name="trip",
            index=models.Index(
                models.F("owner"),
                models.OrderBy(models.F("starts_on"), descending=True),
                name="trip_of_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="trip",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="trip_ends_after"
            ),
        ),
        migrations.AddConstraint(
            model_name="tripleg",
            constraint=models.UniqueConstraint(fields=("trip", "starts_on"), name="leg_once"),
        ),
        migrations.AddConstraint(
            model_name="trippiece",
            constraint=models.UniqueConstraint(fields=("trip", "garment"), name="packed_once"),
        ),
        migrations.AddConstraint(
            model_name="tripwear",
            constraint=models.UniqueConstraint(
                fields=("occasion", "garment"), name="worn_once_there"
            ),
        ),
        migrations.AddConstraint(
            model_name="tripoccasion",
            constraint=models.UniqueConstraint(
                fields=("trip", "day", "position"), name="trip_occasion_once"
            ),
        ),
    ]
