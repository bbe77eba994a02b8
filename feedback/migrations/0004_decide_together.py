from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0003_keep_what_was_worn_instead"),
    ]

    operations = [
        migrations.AddField(
            model_name="reviewdecision",
            name="batch",
            field=models.UUIDField(help_text="The same for what was decided together.", null=True),
        ),
        migrations.AlterField(
            model_name="reviewdecision",
            name="took_ms",
            field=models.PositiveIntegerField(
                help_text="From showing the item to the decision; a share of it, if it was one of a batch."
            ),
        ),
    ]
