from django.db import migrations, models


class Migration(migrations.Migration):
    """How many of a piece are in the wash; until now all of them were, or none."""

    dependencies = [("wardrobe", "0007_keep_doubts")]

    operations = [
        migrations.AddField(
            model_name="garment",
            name="washing",
            field=models.PositiveSmallIntegerField(
                db_default=0,
                default=0,
                help_text="How many of them are in the wash.",
                verbose_name="in the wash, of several",
            ),
        ),
    ]
