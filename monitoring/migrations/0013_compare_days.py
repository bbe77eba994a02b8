import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Days that operators choose, and what golden photos look like."""

    dependencies = [
        ("monitoring", "0012_count_opinions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GoldenPicture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "file",
                    models.CharField(
                        help_text="Its name in the storage.", max_length=200, unique=True
                    ),
                ),
                ("megapixels", models.FloatField(help_text="As it is kept.")),
                ("brightness", models.FloatField(help_text="Mean luma, 0 to 255.")),
                (
                    "blur",
                    models.FloatField(
                        help_text="Variance of the Laplacian: lower is more blurred."
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DriftComparison",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "asked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), db_index=True
                    ),
                ),
                ("findings", models.JSONField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("since", "until"), name="comparison_once"),
                    models.CheckConstraint(
                        condition=models.Q(("since__lt", models.F("until"))),
                        name="comparison_has_time",
                    ),
                ],
            },
        ),
    ]
