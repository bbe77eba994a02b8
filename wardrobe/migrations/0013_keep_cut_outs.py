import django.contrib.postgres.fields
from django.db import migrations, models

import wardrobe.models.garments


class Migration(migrations.Migration):
    """Columns with defaults of the database's, or empty: the table is not written again, and old code may insert."""

    dependencies = [
        ("wardrobe", "0012_index_failed_photos"),
    ]

    operations = [
        migrations.AddField(
            model_name="garment",
            name="cut_out",
            field=models.ImageField(
                blank=True,
                db_default="",
                default="",
                help_text="Without what it lay on; empty where that could not be told surely.",
                max_length=200,
                upload_to=wardrobe.models.garments.crop_path,
            ),
        ),
        migrations.AddField(
            model_name="garment",
            name="cut_out_refused",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Its wearer says that the cut-out is wrong.",
            ),
        ),
        migrations.AddField(
            model_name="garment",
            name="cut_out_size",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(),
                blank=True,
                db_default=[],
                default=list,
                size=2,
            ),
        ),
        migrations.AddField(
            model_name="garment",
            name="cut_out_sureness",
            field=models.FloatField(blank=True, help_text="Empty: not tried yet.", null=True),
        ),
        migrations.AddField(
            model_name="garment",
            name="turned",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, help_text="Degrees clockwise, 0, 90, 180 or 270."
            ),
        ),
    ]
