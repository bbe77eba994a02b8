import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import pgvector.django.vector
from django.conf import settings
from django.db import migrations, models

import wardrobe.models.garments
import wardrobe.models.photos


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("registry", "0001_create_versions_and_verdicts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Not VectorExtension: its reverse would drop what only a superuser may make again.
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS vector", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Garment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "ordinal",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Position within its photo."
                    ),
                ),
                (
                    "box",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(), blank=True, default=list, size=4
                    ),
                ),
                (
                    "image",
                    models.ImageField(
                        blank=True,
                        help_text="Its part of the photo.",
                        max_length=200,
                        upload_to=wardrobe.models.garments.crop_path,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("ready", "Ready"),
                            ("needs_review", "Needs a look"),
                            ("archived", "Put away"),
                        ],
                        default="draft",
                        max_length=16,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("slot", models.SlugField(max_length=32)),
                ("type", models.SlugField(max_length=32)),
                ("colours", models.JSONField(blank=True, default=list)),
                ("pattern", models.SlugField(blank=True, max_length=32)),
                ("material", models.SlugField(blank=True, max_length=32)),
                ("warmth", models.SlugField(blank=True, max_length=32)),
                ("layering", models.SlugField(blank=True, max_length=32)),
                (
                    "seasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SlugField(max_length=32),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("formality", models.SlugField(blank=True, max_length=32)),
                ("fit", models.SlugField(blank=True, max_length=32)),
                ("water_resistant", models.BooleanField(default=False)),
                (
                    "style_tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SlugField(max_length=32),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "occasions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SlugField(max_length=32),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "clo",
                    models.FloatField(
                        blank=True,
                        help_text="Thermal insulation, 1 clo = 0.155 m²K/W; empty: from type and warmth.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(4),
                        ],
                    ),
                ),
                ("confidence", models.JSONField(blank=True, default=dict)),
                (
                    "edited_fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SlugField(max_length=32),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("model_values", models.JSONField(blank=True, default=dict)),
                ("brand", models.CharField(blank=True, max_length=80)),
                (
                    "price",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=9, null=True),
                ),
                (
                    "quantity",
                    models.PositiveSmallIntegerField(
                        default=1, validators=[django.core.validators.MinValueValidator(1)]
                    ),
                ),
                ("notes", models.TextField(blank=True, max_length=2000)),
                ("is_favourite", models.BooleanField(default=False, verbose_name="favourite")),
                ("in_wash", models.BooleanField(default=False, verbose_name="in the wash")),
                ("wear_count", models.PositiveIntegerField(default=0)),
                ("last_worn_on", models.DateField(blank=True, null=True)),
                ("wears_since_wash", models.PositiveSmallIntegerField(default=0)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "call",
                    models.ForeignKey(
                        blank=True,
                        help_text="The call that described it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="garments",
                        to="registry.inferencecall",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="garments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "ordinal"],
            },
        ),
        migrations.CreateModel(
            name="Photo",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "upload_key",
                    models.UUIDField(
                        help_text="Chosen by the browser: a repeat is the same upload."
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("received", "Waiting"),
                            ("processing", "Being looked at"),
                            ("ready", "Ready"),
                            ("failed", "Failed"),
                            ("asking", "Is this the same one?"),
                            ("duplicate", "Known already"),
                            ("view", "Another view"),
                        ],
                        default="received",
                        max_length=16,
                    ),
                ),
                ("failure_code", models.CharField(blank=True, max_length=48)),
                (
                    "failure",
                    models.CharField(
                        blank=True, help_text="What the wearer is told.", max_length=300
                    ),
                ),
                ("attempt", models.PositiveSmallIntegerField(default=0)),
                ("admitted_attempt", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("tries_left", models.PositiveSmallIntegerField(db_default=3, default=3)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the file")),
                (
                    "source_format",
                    models.CharField(help_text="By content: jpeg, png, heif, …", max_length=8),
                ),
                ("source_bytes", models.PositiveIntegerField()),
                (
                    "incoming",
                    models.FileField(
                        blank=True,
                        help_text="Gone once ingested.",
                        max_length=200,
                        upload_to=wardrobe.models.photos.incoming_path,
                    ),
                ),
                (
                    "image",
                    models.ImageField(
                        blank=True, max_length=200, upload_to=wardrobe.models.photos.rendition_path
                    ),
                ),
                (
                    "thumbnail",
                    models.ImageField(
                        blank=True, max_length=200, upload_to=wardrobe.models.photos.rendition_path
                    ),
                ),
                ("width", models.PositiveIntegerField(editable=False, null=True)),
                ("height", models.PositiveIntegerField(editable=False, null=True)),
                (
                    "pixel_sha256",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="SHA-256 of the pixels"
                    ),
                ),
                (
                    "perceptual_hash",
                    models.CharField(blank=True, help_text="64 bits, hex.", max_length=16),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "alike",
                    models.ForeignKey(
                        blank=True,
                        help_text="The photo that the wearer is or was asked about.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wardrobe.photo",
                    ),
                ),
                (
                    "duplicate_of",
                    models.ForeignKey(
                        blank=True,
                        help_text="The photo that shows the same; its garments are this one's.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duplicates",
                        to="wardrobe.photo",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photos",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "view_of",
                    models.ForeignKey(
                        blank=True,
                        help_text="The garment that it shows once more.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="views",
                        to="wardrobe.garment",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
            },
        ),
        migrations.AddField(
            model_name="garment",
            name="photo",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="garments",
                to="wardrobe.photo",
            ),
        ),
        migrations.CreateModel(
            name="PhotoAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pixel_sha256", models.CharField(max_length=64)),
                ("original_sha256", models.CharField(max_length=64)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("same", "Same photo"),
                            ("view", "Another photo of this piece"),
                            ("different", "A different piece"),
                        ],
                        max_length=16,
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(auto_now=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PhotoEmbedding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("extractor", models.CharField(max_length=32)),
                ("pixel_sha256", models.CharField(max_length=64)),
                (
                    "box",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(), blank=True, default=list, size=None
                    ),
                ),
                ("vector", pgvector.django.vector.VectorField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PhotoFeatures",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pixel_sha256", models.CharField(max_length=64)),
                ("engine", models.CharField(max_length=32)),
                ("output", models.JSONField()),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.inferencecall",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
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
                "verbose_name_plural": "photo features",
            },
        ),
        migrations.CreateModel(
            name="VocabularyTerm",
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
                            ("slot", "Slot"),
                            ("type", "Type"),
                            ("colour", "Colour"),
                            ("pattern", "Pattern"),
                            ("material", "Material"),
                            ("warmth", "Warmth"),
                            ("layering", "Layering"),
                            ("season", "Season"),
                            ("formality", "Formality"),
                            ("fit", "Fit"),
                            ("style", "Style"),
                            ("event", "Event"),
                        ],
                        max_length=16,
                    ),
                ),
                ("value", models.SlugField(max_length=32)),
                ("label", models.CharField(max_length=48)),
                (
                    "slot",
                    models.SlugField(
                        blank=True, help_text="For a type: the slot it is worn in.", max_length=32
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Position; for warmth and formality also the scale."
                    ),
                ),
                (
                    "details",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="For a type: clo per warmth. For a colour: hex. For an event: formality, met.",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True, help_text="Where its values come from.", max_length=200
                    ),
                ),
                (
                    "fixture_sha256",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="Of the file entry it was last loaded from.",
                        max_length=64,
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["kind", "order", "value"],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "value"), name="vocabulary_term_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="VocabularyRevision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True)),
                (
                    "sha256",
                    models.CharField(db_index=True, max_length=64, verbose_name="SHA-256"),
                ),
                (
                    "terms",
                    models.JSONField(
                        help_text="kind, value, label, slot, order and details of each term."
                    ),
                ),
                (
                    "notes",
                    models.CharField(
                        blank=True, help_text="What changed, and why.", max_length=300
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(
                condition=models.Q(("status__in", ["received", "processing"])),
                fields=["leased_until"],
                name="photo_unfinished",
            ),
        ),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(fields=["owner", "pixel_sha256"], name="photo_pixels"),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.UniqueConstraint(fields=("owner", "upload_key"), name="upload_once"),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "failed"), _negated=True),
                fields=("owner", "sha256"),
                name="file_once_per_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="garment",
            index=models.Index(fields=["owner", "status", "slot"], name="garment_owner_slot"),
        ),
        migrations.AddConstraint(
            model_name="garment",
            constraint=models.UniqueConstraint(
                fields=("photo", "ordinal"), name="garment_once_per_photo"
            ),
        ),
        migrations.AddIndex(
            model_name="photoanswer",
            index=models.Index(fields=["owner", "original_sha256"], name="answer_original"),
        ),
        migrations.AddConstraint(
            model_name="photoanswer",
            constraint=models.UniqueConstraint(
                fields=("owner", "pixel_sha256", "original_sha256"), name="answer_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="photoembedding",
            constraint=models.UniqueConstraint(
                fields=("owner", "extractor", "pixel_sha256", "box"), name="embedding_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="photofeatures",
            constraint=models.UniqueConstraint(
                fields=("owner", "pixel_sha256", "version", "engine"), name="features_once"
            ),
        ),
    ]
