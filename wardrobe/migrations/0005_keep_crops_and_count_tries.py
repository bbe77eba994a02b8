import django.db.models.deletion
from django.db import migrations, models

import wardrobe.models.garments


class Migration(migrations.Migration):
    dependencies = [("wardrobe", "0004_remember_vocabulary_fixtures")]

    operations = [
        migrations.AddField(
            model_name="garment",
            name="image",
            field=models.ImageField(
                blank=True,
                help_text="Its part of the photo.",
                max_length=200,
                upload_to=wardrobe.models.garments.crop_path,
            ),
        ),
        migrations.AddField(
            model_name="photo",
            name="tries_left",
            field=models.PositiveSmallIntegerField(default=3, db_default=3),
        ),
        migrations.AlterField(
            model_name="photo",
            name="duplicate_of",
            field=models.ForeignKey(
                blank=True,
                help_text="The photo that shows the same; its garments are this one's.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="duplicates",
                to="wardrobe.photo",
            ),
        ),
    ]
