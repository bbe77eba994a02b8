from django.db import migrations, models


class Migration(migrations.Migration):
    """When an owner was reminded of a piece that should be back. Empty at first: old code may insert."""

    dependencies = [("wardrobe", "0021_keep_acts_on_wash_intervals")]

    operations = [
        migrations.AddField(
            model_name="care",
            name="told_on",
            field=models.DateField(blank=True, editable=False, null=True),
        )
    ]
