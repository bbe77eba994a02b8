from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0003_keep_drift_reports")]

    operations = [
        migrations.AddField(
            model_name="driftreport",
            name="gaps",
            field=models.JSONField(
                db_default=Value([], models.JSONField()),
                default=list,
                help_text="Where golden examples are few, see `monitoring.coverage.gaps.Gap`.",
            ),
        ),
    ]
