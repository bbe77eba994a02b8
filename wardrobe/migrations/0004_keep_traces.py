from django.db import migrations, models


class Migration(migrations.Migration):
    """A column with a default of the database's: the table is not written again, and old code may insert."""

    dependencies = [("wardrobe", "0003_record_uploads")]

    operations = [
        migrations.AddField(
            model_name="photo",
            name="traceparent",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="The trace of the request that it came or was tried again with.",
                max_length=55,
            ),
        )
    ]
