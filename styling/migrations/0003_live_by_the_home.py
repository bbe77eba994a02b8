from django.db import migrations

UTC = "UTC"


def keep_zones(apps, schema_editor):
    """The account's zone is the one of the profile, where it is of a home or was chosen."""
    profiles = apps.get_model("styling", "Profile").objects
    users = apps.get_model("accounts", "User").objects
    for profile in profiles.exclude(place="", time_zone=UTC).iterator():
        users.filter(pk=profile.pk, time_zone="").update(time_zone=profile.time_zone)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_keep_time_zones"), ("styling", "0002_keep_traces")]

    operations = [migrations.RunPython(keep_zones, migrations.RunPython.noop, elidable=True)]
