from django.db import migrations, models


class Migration(migrations.Migration):
    """Nobody who is there has to confirm, or is signed out."""

    dependencies = [
        ("accounts", "0004_keep_time_zones"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="awaits_confirmation",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Signed up where mail is sent, and has not followed the link in it yet.",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="signed_out_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When they signed out everywhere; sessions of before ended.",
                null=True,
            ),
        ),
    ]
