from django.db import migrations, models
from django.db.models import deletion


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0010_refuse_truncate"),
        ("registry", "0007_collect_examples"),
    ]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="began_with",
            field=models.ForeignKey(
                help_text="The canary of its version, where that began within half an hour before.",
                null=True,
                on_delete=deletion.PROTECT,
                related_name="+",
                to="registry.canary",
            ),
        ),
    ]
