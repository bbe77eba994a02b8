from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("wardrobe", "0008_move_embeddings")]

    operations = [migrations.RemoveField(model_name="photo", name="embedding")]
