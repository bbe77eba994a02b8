from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    """Whoever goes is looked for among what others were offered, who lent from them."""

    atomic = False
    dependencies = [("styling", "0012_leave_out_by_wearer")]

    operations = [
        AddIndexConcurrently(
            "suggestion", GinIndex(fields=["candidates"], name="suggestion_candidates")
        )
    ]
