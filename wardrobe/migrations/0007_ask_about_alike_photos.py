import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgvector.django.vector
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wardrobe", "0006_load_photos_without_their_files"),
    ]

    operations = [
        migrations.AddField(
            model_name="photo",
            name="admitted_attempt",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="photo",
            name="alike",
            field=models.ForeignKey(
                blank=True,
                help_text="The photo that the wearer is or was asked about.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wardrobe.photo",
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="view_of",
            field=models.ForeignKey(
                blank=True,
                help_text="The garment that it shows once more.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="views",
                to="wardrobe.garment",
            ),
        ),
        migrations.AlterField(
            model_name="photo",
            name="status",
            field=models.CharField(
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
            options={
                "indexes": [
                    models.Index(fields=["owner", "original_sha256"], name="answer_original")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "pixel_sha256", "original_sha256"), name="answer_once"
                    )
                ],
            },
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
                ("vector", pgvector.django.vector.VectorField(dimensions=128)),
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
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "extractor", "pixel_sha256", "box"), name="embedding_once"
                    )
                ],
            },
        ),
    ]
