import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

# Of corrections whose garment and photo are still there.
FIND_PIXELS = """
UPDATE feedback_correction SET pixel_sha256 = photo.pixel_sha256, box = to_jsonb(garment.box)
FROM wardrobe_garment garment JOIN wardrobe_photo photo ON photo.id = garment.photo_id
WHERE garment.id = feedback_correction.garment_id AND feedback_correction.pixel_sha256 = ''
"""


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0004_decide_together"),
        ("registry", "0007_collect_examples"),
        ("wardrobe", "0005_keep_sleeve_length_and_alternatives"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="correction",
            name="box",
            field=models.JSONField(
                blank=True, db_default=models.Value([], models.JSONField()), default=list
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="pixel_sha256",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.CreateModel(
            name="GarmentSignal",
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
                            ("confirmed", "All correct"),
                            ("renamed", "Called otherwise"),
                            ("missed", "Was not seen"),
                            ("not_mine", "Not mine"),
                            ("no_garment", "No garment"),
                            ("removed", "Deleted"),
                        ],
                        max_length=16,
                    ),
                ),
                ("garment_key", models.UUIDField(help_text="The garment's, which may be gone.")),
                ("pixel_sha256", models.CharField(blank=True, max_length=64)),
                ("box", models.JSONField(blank=True, default=list)),
                ("type", models.SlugField(max_length=32)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "call",
                    models.ForeignKey(
                        help_text="That looked at the photo.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.inferencecall",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="garment_signals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="garment_signals",
                        to="wardrobe.photo",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("garment_key", "kind"), name="garment_signal_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(FIND_PIXELS, migrations.RunSQL.noop),
    ]
