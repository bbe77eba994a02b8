import pgvector.django.vector
from django.db import migrations

# Going back: the column takes 128 numbers again, and the others are made anew when asked for.
KEEP_NARROW = "DELETE FROM wardrobe_photoembedding WHERE vector_dims(vector) <> 128"


class Migration(migrations.Migration):
    """To lift the limit rewrites nothing: no value changes, and no index is on the column."""

    dependencies = [("wardrobe", "0009_drop_embedding_column")]

    operations = [
        migrations.AlterField(
            model_name="photoembedding",
            name="vector",
            field=pgvector.django.vector.VectorField(),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, KEEP_NARROW),
    ]
