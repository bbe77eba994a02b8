"""The statements of data migrations, on rows as they were before."""

from importlib import import_module

import pytest
from django.db import connection

from tests.factories import make_call, make_described_garment, make_version


@pytest.mark.parametrize(
    ("confidence", "edited", "doubts", "status"),
    [
        ({"type": 0.8, "colours": 0.5, "material": 0.3}, [], ["type"], "needs_review"),
        ({"type": 0.8, "colours": 0.5}, ["type"], ["type"], "ready"),
        ({"type": 0.9, "material": 0.3}, [], ["colours"], "needs_review"),
        ({"type": 0.9, "colours": 0.5, "material": 0.3}, [], [], "ready"),
    ],
)
def test_what_waits_for_a_look_waits_for_what_its_version_doubted(
    alice, confidence, edited, doubts, status
):
    version = make_version(parameters={"review_below": {"type": 0.85, "colours": 0.4}})
    garment = make_described_garment(
        alice, confidence=confidence, edited_fields=edited, doubts=[], call=make_call(version)
    )
    migration = import_module("wardrobe.migrations.0010_fill_doubts_and_washing")
    with connection.cursor() as cursor:
        cursor.execute(migration.FIND_DOUBTS)
        cursor.execute(migration.LET_GO)
    garment.refresh_from_db()
    assert (garment.doubts, garment.status) == (doubts, status)
