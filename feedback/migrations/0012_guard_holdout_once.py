from pathlib import Path

from django.db import migrations

from registry.sql import PIN_SEARCH_PATH

SQL = Path(__file__).resolve().parent.parent / "sql"


def cut(file: str, function: str, end: str = "") -> str:
    """The part of an earlier file that begins with a function."""
    part = (SQL / file).read_text().split(f"CREATE FUNCTION {function}()")[1]
    return f"CREATE OR REPLACE FUNCTION {function}()" + (part.split(end)[0] if end else part)


FORMER = cut("training.sql", "feedback_guard_holdout", "CREATE TRIGGER")
SHOWN = cut("few_shot.sql", "feedback_guard_holdout_shown")


class Migration(migrations.Migration):
    """The holdout's guard looks at training rows and few-shot examples in one function."""

    dependencies = [("feedback", "0011_index_by_time")]

    operations = [
        migrations.RunSQL(
            PIN_SEARCH_PATH + (SQL / "holdout.sql").read_text(), PIN_SEARCH_PATH + FORMER + SHOWN
        ),
    ]
