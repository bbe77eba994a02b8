from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0005_watch_changes_drift_and_probes")]

    operations = [
        migrations.AddField(
            model_name="driftreport",
            name="mixes",
            field=models.JSONField(
                db_default=Value([], models.JSONField()),
                default=list,
                help_text="People’s questions and photos beside golden ones, see `monitoring.coverage.gaps.Mix`.",
            ),
        ),
    ]
