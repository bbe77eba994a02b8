import django.contrib.postgres.fields
from django.db import migrations, models

import styling.models.suggestions


class Migration(migrations.Migration):
    """Columns with defaults of the database's: the table is not written again, and old code may insert."""

    dependencies = [
        ("styling", "0004_follow_the_browser"),
    ]

    operations = [
        migrations.AddField(
            model_name="suggestion",
            name="kept",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(),
                blank=True,
                db_default=[],
                default=list,
                help_text="Garments that the wearer wants in it, whatever else it holds.",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="picture",
            field=models.ImageField(
                blank=True,
                db_default="",
                default="",
                help_text="The pieces as they lie.",
                max_length=200,
                upload_to=styling.models.suggestions.picture_path,
            ),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="swaps",
            field=models.JSONField(
                blank=True,
                db_default=models.Value([], models.JSONField()),
                default=list,
                help_text="What the wearer swapped, the last one last, each with what it takes to undo it.",
            ),
        ),
    ]
