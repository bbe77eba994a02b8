from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wardrobe", "0015_index_batches"),
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
