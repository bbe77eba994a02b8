from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wardrobe", "0012_index_failed_photos"),
    ]

    operations = [
        migrations.AddField(
            model_name="garment",
            name="currency",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Of the price, by ISO 4217; empty: never told.",
                max_length=3,
            ),
        ),
    ]
