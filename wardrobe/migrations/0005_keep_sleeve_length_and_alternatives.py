from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns with defaults of the database's: the table is not written again, and old code may insert."""

    dependencies = [
        ("wardrobe", "0004_keep_traces"),
    ]

    operations = [
        migrations.AddField(
            model_name="garment",
            name="alternatives",
            field=models.JSONField(
                blank=True, db_default=models.Value({}, models.JSONField()), default=dict
            ),
        ),
        migrations.AddField(
            model_name="garment",
            name="length",
            field=models.SlugField(
                blank=True, db_default="", db_index=False, default="", max_length=32
            ),
        ),
        migrations.AddField(
            model_name="garment",
            name="sleeve",
            field=models.SlugField(
                blank=True, db_default="", db_index=False, default="", max_length=32
            ),
        ),
        migrations.AlterField(
            model_name="vocabularyterm",
            name="details",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="For a type: clo per warmth. For a colour: hex. For an event: formality, met. For a sleeve or a length: the slots that have one.",
            ),
        ),
        migrations.AlterField(
            model_name="vocabularyterm",
            name="kind",
            field=models.CharField(
                choices=[
                    ("slot", "Slot"),
                    ("type", "Type"),
                    ("colour", "Colour"),
                    ("pattern", "Pattern"),
                    ("material", "Material"),
                    ("warmth", "Warmth"),
                    ("layering", "Layering"),
                    ("season", "Season"),
                    ("formality", "Formality"),
                    ("fit", "Fit"),
                    ("sleeve", "Sleeve"),
                    ("length", "Length"),
                    ("style", "Style"),
                    ("event", "Event"),
                ],
                max_length=16,
            ),
        ),
    ]
