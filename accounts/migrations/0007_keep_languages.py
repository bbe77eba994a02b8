from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_keep_notifications"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="The language that they chose; empty is what their browser says.",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="browser_language",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="What their browser last asked for, while they chose none.",
                max_length=10,
            ),
        ),
    ]
