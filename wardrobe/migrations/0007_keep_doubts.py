import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns with defaults of the database's: the table is not written again, and old code may insert."""

    dependencies = [
        ("wardrobe", "0006_log_wears"),
    ]

    operations = [
        migrations.AddField(
            model_name="garment",
            name="doubts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.SlugField(max_length=32),
                blank=True,
                db_default=[],
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="garment",
            name="set_aside",
            field=models.JSONField(
                blank=True, db_default=models.Value({}, models.JSONField()), default=dict
            ),
        ),
    ]
