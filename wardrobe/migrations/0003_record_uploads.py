import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wardrobe", "0002_keep_vocabulary_revisions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="UploadEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("admitted", "Admitted"),
                            ("duplicate", "Known already"),
                            ("refused", "Refused"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "refusal",
                    models.CharField(
                        blank=True, help_text="The code, e.g. too_large.", max_length=48
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        blank=True,
                        help_text="By content, also what we cannot read: jpeg, jpeg-xl, …",
                        max_length=32,
                    ),
                ),
                (
                    "bytes",
                    models.PositiveBigIntegerField(
                        help_text="Of a request refused whole: all of it."
                    ),
                ),
                ("megapixels", models.FloatField(blank=True, null=True)),
                (
                    "aspect",
                    models.FloatField(
                        blank=True, help_text="As stored.", null=True, verbose_name="width / height"
                    ),
                ),
                (
                    "colour_profile",
                    models.CharField(
                        blank=True,
                        help_text="srgb, display-p3, adobe-rgb, other or none.",
                        max_length=16,
                    ),
                ),
                (
                    "brightness",
                    models.FloatField(blank=True, help_text="Mean luma, 0 to 255.", null=True),
                ),
                (
                    "blur",
                    models.FloatField(
                        blank=True,
                        help_text="Lower is more blurred.",
                        null=True,
                        verbose_name="variance of the Laplacian",
                    ),
                ),
                (
                    "camera",
                    models.CharField(
                        blank=True,
                        help_text="By its maker; empty: not told.",
                        max_length=16,
                        verbose_name="camera family",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), db_index=True
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
                    "photo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="uploads",
                        to="wardrobe.photo",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
        ),
    ]
