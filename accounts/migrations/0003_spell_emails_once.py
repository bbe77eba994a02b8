from django.db import migrations

from accounts.spelling import spell_email

SPELT_IN_TWO_WAYS = r"@.*([^\x01-\x7f]|xn--)"


def spell_once(apps, schema_editor):
    """Whose other spelling has an account already keeps both: nobody can say which is meant."""
    users = apps.get_model("accounts", "User").objects
    for user in users.filter(email__iregex=SPELT_IN_TWO_WAYS).iterator():
        email = spell_email(user.email)
        if email != user.email and not users.filter(email__iexact=email).exists():
            users.filter(pk=user.pk).update(email=email)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_keep_consents")]

    operations = [migrations.RunPython(spell_once, migrations.RunPython.noop, elidable=True)]
