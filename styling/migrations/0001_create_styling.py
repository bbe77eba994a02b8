import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_create_accounts"),
        ("registry", "0001_create_versions_and_verdicts"),
        ("wardrobe", "0001_create_wardrobe"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Profile",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="profile",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True, help_text="Home, e.g. Porto, Portugal.", max_length=120
                    ),
                ),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("time_zone", models.CharField(default="UTC", max_length=64)),
                (
                    "units",
                    models.CharField(
                        choices=[("metric", "Celsius, km/h"), ("imperial", "Fahrenheit, mph")],
                        default="metric",
                        max_length=8,
                    ),
                ),
                (
                    "sensitivity",
                    models.SmallIntegerField(
                        choices=[
                            (-2, "I am always cold"),
                            (-1, "I feel the cold"),
                            (0, "Like most people"),
                            (1, "I run warm"),
                            (2, "I am always warm"),
                        ],
                        default=0,
                    ),
                ),
                ("likes", models.CharField(blank=True, max_length=300)),
                ("dislikes", models.CharField(blank=True, max_length=300)),
                (
                    "repeat_days",
                    models.PositiveSmallIntegerField(
                        default=7,
                        validators=[django.core.validators.MaxValueValidator(60)],
                        verbose_name="do not repeat within (days)",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.SlugField(help_text="A vocabulary event, e.g. business.", max_length=32),
                ),
                ("date", models.DateField()),
                ("starts_at", models.TimeField()),
                ("ends_at", models.TimeField(help_text="Before the start: on the next day.")),
                ("place", models.CharField(blank=True, max_length=120)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("time_zone", models.CharField(default="UTC", max_length=64)),
                (
                    "note",
                    models.CharField(
                        blank=True, help_text="In the wearer's words.", max_length=300
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
                        related_name="events",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OutfitPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(0)]
                    ),
                ),
                ("slot", models.SlugField(max_length=32)),
                (
                    "garment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outfit_pieces",
                        to="wardrobe.garment",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "request_key",
                    models.UUIDField(
                        help_text="Chosen by the browser: a repeat is the same request."
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Being written"),
                            ("ready", "Ready"),
                            ("failed", "Failed"),
                            ("stopped", "Stopped"),
                        ],
                        default="open",
                        max_length=16,
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "No verdict"),
                            ("accepted", "Worn"),
                            ("rejected", "Not for me"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("failure", models.CharField(blank=True, max_length=300)),
                ("attempt", models.PositiveSmallIntegerField(default=0)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                (
                    "interrupt",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "None"),
                            ("stop", "Stopped by the wearer"),
                            ("crowded", "Too many at once"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("weather", models.JSONField(blank=True, default=dict)),
                (
                    "no_forecast",
                    models.CharField(
                        blank=True,
                        help_text="Why there is none: too_far, unavailable, …",
                        max_length=32,
                    ),
                ),
                ("known", models.JSONField(blank=True, default=dict)),
                (
                    "candidates",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                ("seed", models.BigIntegerField(default=0)),
                ("prose", models.TextField(blank=True)),
                (
                    "reasons",
                    models.JSONField(default=list, help_text="The terms that decided, in words."),
                ),
                (
                    "missing",
                    models.JSONField(
                        default=list, help_text="Slots that the wardrobe could not fill."
                    ),
                ),
                ("events", models.JSONField(default=list)),
                ("checked", models.JSONField(blank=True, default=dict)),
                (
                    "first_word_ms",
                    models.FloatField(
                        blank=True,
                        help_text="As the wearer saw it.",
                        null=True,
                        verbose_name="time to the first word (ms)",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "call",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.inferencecall",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggestions",
                        to="styling.event",
                    ),
                ),
                (
                    "garments",
                    models.ManyToManyField(
                        related_name="suggestions",
                        through="styling.OutfitPiece",
                        to="wardrobe.garment",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="suggestions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        blank=True,
                        help_text="The answer that “Another one” was asked on.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="next",
                        to="styling.suggestion",
                    ),
                ),
                (
                    "start_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wardrobe.garment",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
            },
        ),
        migrations.AddField(
            model_name="outfitpiece",
            name="suggestion",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="pieces",
                to="styling.suggestion",
            ),
        ),
        migrations.CreateModel(
            name="WeatherFeatures",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("latitude", models.FloatField(help_text="Rounded to 0.1°.")),
                ("longitude", models.FloatField(help_text="Rounded to 0.1°.")),
                ("date", models.DateField(help_text="In the place's time zone.")),
                ("time_zone", models.CharField(max_length=64)),
                ("hours", models.JSONField()),
                ("sunrise", models.DateTimeField(null=True)),
                ("sunset", models.DateTimeField(null=True)),
                ("source", models.CharField(default="open-meteo", max_length=32)),
                (
                    "fetched_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "weather features",
                "ordering": ["-fetched_at"],
                "indexes": [
                    models.Index(
                        fields=["latitude", "longitude", "date", "expires_at"], name="weather_key"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(
                models.F("owner"),
                models.OrderBy(models.F("created_at"), descending=True),
                name="suggestion_history",
            ),
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(
                condition=models.Q(("status", "open")),
                fields=["leased_until"],
                name="suggestion_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.UniqueConstraint(
                fields=("owner", "request_key"), name="suggestion_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="outfitpiece",
            constraint=models.UniqueConstraint(fields=("suggestion", "garment"), name="piece_once"),
        ),
    ]
