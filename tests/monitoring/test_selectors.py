"""What the overview reads of other apps' rows is found by an index, however many there are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from monitoring.selectors import get_backlog
from tests.factories import make_photo

pytestmark = pytest.mark.django_db


def test_photos_that_failed_are_found_by_their_index() -> None:
    make_photo(status="failed")
    make_photo()
    with CaptureQueriesContext(connection) as asked:
        assert get_backlog(timezone.now() - timedelta(days=1)).failed_photos == 1
    [counting] = [one["sql"] for one in asked if "'failed'" in one["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {counting}")
        plan = "\n".join(row for (row,) in cursor.fetchall())
    assert "photo_failed" in plan
