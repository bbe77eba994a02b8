from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("styling", "0008_plan_trips")]

    operations = [
        migrations.AddField(
            model_name="profile",
            name="currency",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="That prices are told in, by ISO 4217; empty follows the time zone.",
                max_length=3,
            ),
        ),
    ]
