from django.db import migrations, models

import wardrobe.models.photos


class Migration(migrations.Migration):
    dependencies = [("wardrobe", "0005_keep_crops_and_count_tries")]

    operations = [
        migrations.AlterField(
            model_name="photo",
            name="image",
            field=models.ImageField(
                blank=True, max_length=200, upload_to=wardrobe.models.photos.rendition_path
            ),
        ),
    ]
