import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Acts on many garments, why one is put away, basics, which photo is first, and photos sent together. New columns
    are empty or have defaults of the database's: no table is written again, and old code may insert.
    """

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("wardrobe", "0013_keep_cut_outs"),
    ]

    operations = [
        migrations.CreateModel(
            name="Act",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("edit", "Changed"),
                            ("wash", "Put in the wash"),
                            ("clean", "Clean again"),
                            ("worn", "Worn today"),
                            ("archive", "Put away"),
                            ("restore", "Brought back"),
                            ("import", "Read from a table"),
                            ("basics", "Basics hung up"),
                        ],
                        max_length=16,
                    ),
                ),
                ("changes", models.JSONField(default=list)),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), db_index=True
                    ),
                ),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["-created_at"]},
        ),
        migrations.AddField(
            model_name="garment",
            name="away",
            field=models.CharField(
                blank=True,
                choices=[
                    ("stored", "Stored"),
                    ("sold", "Sold"),
                    ("given", "Given away"),
                    ("worn_out", "Worn out"),
                    ("lost", "Lost"),
                ],
                db_default="",
                default="",
                max_length=16,
                verbose_name="why it is put away",
            ),
        ),
        migrations.AddField(
            model_name="garment",
            name="is_basic",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="of the starter set"
            ),
        ),
        migrations.AddField(
            model_name="garment",
            name="face",
            field=models.ForeignKey(
                blank=True,
                help_text="The view of it that is shown first.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wardrobe.photo",
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="batch",
            field=models.UUIDField(
                blank=True,
                editable=False,
                help_text="Chosen by the browser: those sent together.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="place",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="Among the photos of one garment."
            ),
        ),
    ]
