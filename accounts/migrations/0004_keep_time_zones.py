from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_spell_emails_once"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="time_zone",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Where their days begin: their home's, else their browser's; empty is UTC.",
                max_length=64,
            ),
        ),
    ]
