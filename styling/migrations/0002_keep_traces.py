from django.db import migrations, models


class Migration(migrations.Migration):
    """A column with a default of the database's: the table is not written again, and old code may insert."""

    dependencies = [("styling", "0001_create_styling")]

    operations = [
        migrations.AddField(
            model_name="suggestion",
            name="traceparent",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="The trace of the request that asked.",
                max_length=55,
            ),
        )
    ]
