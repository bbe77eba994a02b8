from django.db import migrations, models

UTC = "UTC"


def follow_the_browser(apps, schema_editor):
    """Without a home, UTC was what nobody had chosen."""
    apps.get_model("styling", "Profile").objects.filter(place="", time_zone=UTC).update(
        time_zone=""
    )


def name_utc(apps, schema_editor):
    apps.get_model("styling", "Profile").objects.filter(time_zone="").update(time_zone=UTC)


class Migration(migrations.Migration):
    dependencies = [("styling", "0003_live_by_the_home")]

    operations = [
        migrations.AlterField(
            model_name="profile",
            name="time_zone",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Of the home, or chosen; empty follows the browser.",
                max_length=64,
            ),
        ),
        migrations.RunPython(follow_the_browser, name_utc, elidable=True),
    ]
