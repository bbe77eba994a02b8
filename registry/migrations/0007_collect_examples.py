import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import registry.models.datasets
from registry.sql import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0006_index_list_of_calls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="example",
            name="split",
            field=models.CharField(
                choices=[("training", "Training"), ("holdout", "Locked holdout")],
                db_default="holdout",
                default="holdout",
                max_length=16,
            ),
        ),
        migrations.CreateModel(
            name="CollectedExample",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=200)),
                ("sha256", models.CharField(db_index=True, max_length=64, verbose_name="SHA-256")),
                ("input", models.JSONField()),
                ("expected", models.JSONField()),
                ("slices", models.JSONField(blank=True, default=list)),
                (
                    "file",
                    models.FileField(
                        blank=True, max_length=200, upload_to=registry.models.datasets.example_path
                    ),
                ),
                ("fingerprint", models.CharField(max_length=16)),
                (
                    "split",
                    models.CharField(
                        choices=[("training", "Training"), ("holdout", "Locked holdout")],
                        max_length=16,
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collected",
                        to="registry.inferencecall",
                    ),
                ),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collected",
                        to="registry.dataset",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "published_in",
                    models.ForeignKey(
                        blank=True,
                        help_text="The first version that holds it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collected",
                        to="registry.datasetversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
                "permissions": [
                    ("publish_collectedexample", "Can publish the next version of a golden dataset")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("dataset", "key"), name="collected_key_once")
                ],
            },
        ),
        RunSqlFile("collected.sql"),
    ]
