import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wardrobe", "0017_log_care"),
    ]

    operations = [
        migrations.AddField(
            model_name="photo",
            name="meant_for",
            field=models.ForeignKey(
                blank=True,
                help_text="The garment that it is to be the picture of: nobody is asked what it shows.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wardrobe.garment",
            ),
        ),
    ]
