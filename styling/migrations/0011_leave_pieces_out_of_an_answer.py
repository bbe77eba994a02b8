from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("styling", "0010_share_pictures")]

    operations = [
        migrations.AddField(
            "suggestion",
            "without",
            ArrayField(
                models.UUIDField(),
                default=list,
                db_default=[],
                blank=True,
                help_text="Garments that the wearer leaves out of it and of what is asked after it.",
            ),
        ),
    ]
