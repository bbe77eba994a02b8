"""Behind PgBouncer, whose sessions outlive no transaction of ours."""

import sys

import pytest

from tests.cluster.cluster import WEARER, WORD, Cluster
from tests.cluster.postgres import APP
from tests.cluster.traffic import Traffic, token
from tests.dresscode.processes import wait_until

pytestmark = pytest.mark.cluster

LOCKS = """
from django.db import connection
from dresscode.own_data.transfers import lock
with lock(7) as first:
    with lock(7) as second:
        print(first, second)
with lock(7) as third:
    print(third)
"""


def test_the_lock_of_a_transfer_is_one_mans(cluster: Cluster) -> None:
    """A session's lock would be held by whoever shares the session, and by nobody after a moment."""
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", LOCKS]
    said = cluster.run(command, role=APP, pooled=True)
    assert said.split() == ["True", "False", "True"]


def test_an_export_is_written_through_the_pool(cluster: Cluster) -> None:
    with cluster.client() as client:
        traffic = Traffic(cluster)
        traffic.sign_in(client, traffic.wearer)
        fields = {"password": WORD, "csrfmiddlewaretoken": token(client)}
        answer = client.post("/you/data/export/", data=fields)
        assert answer.status_code == 302, answer.text
    query = """SELECT t.status FROM own_data_transfer t JOIN accounts_user u ON u.id = t.owner_id
        WHERE u.email = %s"""
    wait_until(lambda: cluster.query(query, WEARER) == [("done",)], "the export is written")
