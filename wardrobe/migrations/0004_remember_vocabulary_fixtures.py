from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wardrobe", "0003_keep_model_values")]

    operations = [
        migrations.AddField(
            model_name="vocabularyterm",
            name="fixture_sha256",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="Of the file entry it was last loaded from.",
                max_length=64,
            ),
        ),
    ]
