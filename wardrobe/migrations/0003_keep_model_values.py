from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wardrobe", "0002_create_photos_and_garments")]

    operations = [
        migrations.AddField(
            model_name="garment",
            name="model_values",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
