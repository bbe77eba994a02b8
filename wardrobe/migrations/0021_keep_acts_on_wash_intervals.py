from django.db import migrations, models


class Migration(migrations.Migration):
    """One more kind of act. The database knows nothing of the choices."""

    dependencies = [("wardrobe", "0020_find_what_a_job_looks_for")]

    operations = [
        migrations.AlterField(
            model_name="act",
            name="kind",
            field=models.CharField(
                choices=[
                    ("edit", "Changed"),
                    ("wash", "Put in the wash"),
                    ("clean", "Clean again"),
                    ("worn", "Worn today"),
                    ("archive", "Put away"),
                    ("restore", "Brought back"),
                    ("import", "Read from a table"),
                    ("basics", "Basics hung up"),
                    ("interval", "Wash interval"),
                ],
                max_length=16,
            ),
        )
    ]
