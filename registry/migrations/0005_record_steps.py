from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_index_ended_calls")]

    operations = [
        migrations.AddField(
            model_name="inferencecall",
            name="steps_ms",
            field=models.JSONField(
                "time by step (ms)",
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                help_text="Where the time went: queue and decode before the call, engine, checks and database in it.",
            ),
        ),
    ]
