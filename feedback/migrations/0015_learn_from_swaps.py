from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feedback", "0014_index_opinions_by_time")]

    operations = [
        migrations.AlterField(
            "preferencesignal",
            "kind",
            models.CharField(
                choices=[
                    ("accepted", "Worn"),
                    ("rejected", "Not for me"),
                    ("instead", "Wore something else"),
                    ("swapped", "Swapped a piece"),
                ],
                max_length=16,
            ),
        ),
    ]
