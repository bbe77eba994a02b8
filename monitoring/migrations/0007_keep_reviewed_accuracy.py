from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0006_keep_mixes"),
    ]

    operations = [
        migrations.AddField(
            model_name="driftreport",
            name="reviewed",
            field=models.JSONField(
                db_default=models.Value([], models.JSONField()),
                default=list,
                help_text="How often the model is right, see `feedback.review.accuracy.FieldEstimate`.",
            ),
        ),
    ]
