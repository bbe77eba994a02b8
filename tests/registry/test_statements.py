"""Statements: what they answer is what their queryset would, for every value and from every thread."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from registry.statements import (
    Change,
    Insertion,
    Question,
    Statement,
    ask_together,
    sent_together,
)

pytestmark = pytest.mark.django_db


def ask_users(pk: int, email: str) -> QuerySet[User]:
    return User.objects.filter(Q(pk=pk) | Q(email=email)).order_by("pk")


def test_rows_are_those_of_the_queryset_whatever_the_values() -> None:
    anna, ben = (User.objects.create(email=f"{name}@example.org") for name in ("anna", "ben"))
    read = Statement(ask_users, int, str)
    for values in ((anna.pk, "ben@example.org"), (ben.pk, ""), (anna.pk, "x"), (0, "")):
        assert read(*values) == list(ask_users(*values))
    assert [user.date_joined for user in read(anna.pk, "")] == [anna.date_joined]


def test_the_queryset_is_built_once_and_each_call_is_one_query() -> None:
    built = []

    def ask(pk: int) -> QuerySet[User]:
        built.append(pk)
        return User.objects.filter(pk=pk)

    read = Statement(ask, int)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert [read(1), read(2)] == [[], []]
    assert len(built) == 1
    assert len(asked) == 2


def test_tuples_single_values_and_related_rows_come_as_from_the_queryset() -> None:
    user = User.objects.create(email="anna@example.org")
    pairs = Statement(lambda pk: User.objects.filter(pk=pk).values_list("pk", "email"), int)
    flat = Statement(lambda pk: User.objects.filter(pk=pk).values_list("email", flat=True), int)
    assert pairs(user.pk) == [(user.pk, "anna@example.org")]
    assert flat(user.pk) == ["anna@example.org"]


def test_one_of_takes_any_number_of_keys() -> None:
    from wardrobe.models import Garment

    user = User.objects.create(email="anna@example.org")
    keys = [Garment.objects.create(owner=user, slot="top", type="shirt").pk for _ in range(3)]
    read = Statement(
        lambda keys: Garment.objects.filter(pk__one_of=keys).values_list("pk", flat=True), list
    )
    assert {*read(keys)} == {*keys}
    assert read([keys[0], uuid4()]) == [keys[0]]
    assert read([]) == []


def test_days_and_moments_are_values_too() -> None:
    user = User.objects.create(email="anna@example.org")
    read = Statement(
        lambda day, moment: User.objects.filter(date_joined__date__gte=day, date_joined__lt=moment),
        *(date, datetime),
    )
    assert read(date(2020, 1, 1), datetime(2999, 1, 1, tzinfo=UTC)) == [user]
    assert read(date(2020, 1, 1), datetime(2021, 1, 1, tzinfo=UTC)) == []


def test_a_value_that_the_sql_does_not_take_as_it_is_is_refused() -> None:
    read = Statement(lambda text: User.objects.filter(email__icontains=text), str)
    with pytest.raises(ValueError, match="no parameter"):
        read("anna")


def test_questions_asked_together_are_answered_as_each_alone() -> None:
    anna, ben = (User.objects.create(email=f"{name}@example.org") for name in ("anna", "ben"))
    read = Statement(ask_users, int, str)
    pairs = Statement(lambda pk: User.objects.filter(pk=pk).values_list("pk", "email"), int)
    told = ask_together(
        read.of(anna.pk, "ben@example.org"),
        Question("UPDATE accounts_user SET email = %s WHERE id = %s RETURNING id", ["b@b", ben.pk]),
        pairs.of(ben.pk),
        read.of(0, ""),
    )
    assert told == [[anna, ben], [(ben.pk,)], [(ben.pk, "b@b")], []]


def test_what_is_sent_together_is_one_round_trip(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three that answer after a moment, the first is not waited for before the last is sent."""
    asked = [Question("SELECT clock_timestamp(), pg_sleep(0.1)", ()) for _ in range(3)]
    sent_after_s: list[float] = []
    began = time.monotonic()
    execute = CursorWrapper.execute

    def note(self: CursorWrapper, sql: str, params: object = None) -> object:
        answer = execute(self, sql, params)
        sent_after_s.append(time.monotonic() - began)
        return answer

    monkeypatch.setattr(CursorWrapper, "execute", note)
    ask_together(*asked)
    assert sent_after_s[-1] < 0.1 < 0.3 <= time.monotonic() - began


@pytest.mark.django_db(transaction=True)
def test_a_fault_of_what_is_sent_together_is_django_s_and_nothing_is_left() -> None:
    User.objects.create(email="anna@example.org")
    insert = "INSERT INTO accounts_user SELECT * FROM accounts_user"
    with pytest.raises(IntegrityError), sent_together(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET email = 'ben@example.org'")
        cursor.execute(insert)
    assert [user.email for user in User.objects.all()] == ["anna@example.org"]


@pytest.mark.django_db(transaction=True)
def test_threads_share_the_sql_and_no_connection() -> None:
    users = [User.objects.create(email=f"{number}@example.org") for number in range(8)]
    read = Statement(lambda pk: User.objects.filter(pk=pk), int)

    def ask(user: User) -> list[User]:
        try:
            return read(user.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, users)) == [[user] for user in users]


def test_an_insertion_writes_what_saving_would() -> None:
    from wardrobe.models import Garment

    user = User.objects.create(email="anna@example.org")
    insert = Insertion(Garment)
    rows = [
        Garment(owner=user, slot="top", type="shirt", colours=[{"name": "navy"}]),
        Garment(owner=user, slot="shoes", type="boots"),
    ]
    with CaptureQueriesContext(connection) as asked:
        for row in rows:
            insert(row)
    assert len(asked) == 2
    skipped = {"id", "photo_id"}
    for row in rows:
        like = Garment(owner=user, slot=row.slot, type=row.type, colours=row.colours)
        like.save(force_insert=True)
        stored, twin = (Garment.objects.filter(pk=one.pk).values().get() for one in (row, like))
        times = {name for name, value in stored.items() if isinstance(value, datetime)}
        assert {k: v for k, v in stored.items() if k not in skipped | times} == {
            k: v for k, v in twin.items() if k not in skipped | times
        }
        row.name = "changed"
        row.save()  # It is no new row any more.
    assert Garment.objects.filter(name="changed").count() == 2


def test_a_change_answers_with_the_rows_that_it_changed() -> None:
    anna, ben = (User.objects.create(email=f"{name}@example.org") for name in ("anna", "ben"))
    change = Change(User, "id = %s AND is_active", returning="id, email", now="last_login")
    assert change(anna.pk, first_name="Anna", is_active=False) == [(anna.pk, anna.email)]
    assert change(anna.pk, first_name="Ada") == []
    anna.refresh_from_db()
    ben.refresh_from_db()
    assert (anna.first_name, anna.is_active) == ("Anna", False)
    assert anna.last_login is not None
    assert (ben.first_name, ben.last_login) == ("", None)


def test_an_insertion_is_left_out_where_what_it_needs_is_not_there() -> None:
    from wardrobe.models import Garment

    user = User.objects.create(email="anna@example.org")
    insert = Insertion(Garment, "EXISTS (SELECT FROM accounts_user WHERE id = %s)")
    insert(Garment(owner=user, slot="top", type="shirt", name="kept"), user.pk)
    insert(Garment(owner=user, slot="top", type="shirt", name="left out"), 0)
    assert [garment.name for garment in Garment.objects.all()] == ["kept"]
