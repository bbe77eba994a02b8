from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("styling", "0011_leave_pieces_out_of_an_answer"),
        ("wardrobe", "0019_share_shelves"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="leftout",
            constraint=models.UniqueConstraint(
                fields=("owner", "garment", "kind"), name="left_out_of"
            ),
        ),
        migrations.RemoveConstraint(model_name="leftout", name="left_out_once"),
    ]
