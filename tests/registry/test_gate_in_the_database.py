"""Whatever moves the alias without the service meets the same gate in the database."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from dresscode.local.embedded import postgres
from registry.evaluation import runner
from registry.evaluation.datasets import import_dataset
from registry.models import (
    Alias,
    DatasetVersion,
    Deployment,
    EvaluationRun,
    ExampleResult,
    Override,
    Prompt,
    PromptVersion,
    Verdict,
)
from registry.services import releases
from tests.factories import make_call
from tests.registry.golden import evaluate, import_guests, make_draft, recall_guests, write_guests
from tests.registry.live import make_live

pytestmark = pytest.mark.django_db(transaction=True)

Move = Callable[[PromptVersion, Path], Any]


@pytest.fixture
def golden(prompt: Prompt, tmp_path: Path) -> DatasetVersion:
    return recall_guests(tmp_path)


def run_sql(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def move_by_update(version: PromptVersion, folder: Path) -> None:
    Alias.objects.update(version=version)


def move_by_bulk_update(version: PromptVersion, folder: Path) -> None:
    alias = Alias.objects.get()
    alias.version = version
    Alias.objects.bulk_update([alias], ["version"])


def move_by_save(version: PromptVersion, folder: Path) -> None:
    alias = Alias.objects.get()
    alias.version = version
    alias.save(update_fields=["version"])


def move_by_loaddata(version: PromptVersion, folder: Path) -> None:
    path = folder / "alias.json"
    call_command("dumpdata", "registry.alias", output=str(path), verbosity=0)
    rows = json.loads(path.read_text())
    rows[0]["fields"]["version"] = version.pk
    path.write_text(json.dumps(rows))
    call_command("loaddata", str(path), verbosity=0)


def move_by_sql(version: PromptVersion, folder: Path) -> None:
    run_sql("UPDATE registry_alias SET version_id = %s, epoch = epoch + 1", version.pk)


def move_by_upsert(version: PromptVersion, folder: Path) -> None:
    run_sql(
        "INSERT INTO registry_alias (prompt_id, name, version_id, epoch, updated_at)"
        " VALUES (%s, 'production', %s, 2, now())"
        " ON CONFLICT (prompt_id, name) DO UPDATE SET version_id = EXCLUDED.version_id",
        version.prompt_id,
        version.pk,
    )


def move_by_renaming(version: PromptVersion, folder: Path) -> None:
    canary = Alias.objects.create(prompt=version.prompt, name="canary", version=version)
    run_sql("UPDATE registry_alias SET name = 'retired' WHERE name = 'production'")
    Alias.objects.filter(pk=canary.pk).update(name="production")


def move_by_replacing(version: PromptVersion, folder: Path) -> None:
    Alias.objects.all().delete()
    Alias.objects.create(prompt=version.prompt, version=version)


def move_by_copy(version: PromptVersion, folder: Path) -> None:
    """COPY inserts: into the place of an alias that was set aside."""
    run_sql("UPDATE registry_alias SET name = 'retired'")
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "COPY registry_alias (prompt_id, name, version_id, epoch, updated_at) FROM STDIN"
        ) as copy,
    ):
        copy.write_row((version.prompt_id, "production", version.pk, 9, timezone.now()))


REFUSED = (IntegrityError, psycopg.IntegrityError)
"""Django passes on what psycopg raises in a COPY."""

MOVES = [
    move_by_update,
    move_by_bulk_update,
    move_by_save,
    move_by_loaddata,
    move_by_sql,
    move_by_upsert,
    move_by_renaming,
    move_by_replacing,
    move_by_copy,
]


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.__name__)
def test_no_way_leads_around_the_gate(
    prompt: Prompt, golden: DatasetVersion, tmp_path: Path, move: Move
) -> None:
    live, draft = make_live(prompt), make_draft(prompt, parameters={"word": "Hi"})
    evaluate(draft, golden)
    with pytest.raises(REFUSED, match="may not go live|never deleted"), transaction.atomic():
        move(draft, tmp_path)
    assert Alias.objects.get().version == live


@pytest.mark.parametrize("move", [move_by_update, move_by_copy], ids=lambda move: move.__name__)
def test_a_passed_version_may_go_live_by_any_way(
    prompt: Prompt, golden: DatasetVersion, tmp_path: Path, move: Move
) -> None:
    make_live(prompt)
    draft = make_draft(prompt)
    evaluate(draft, golden)
    move(draft, tmp_path)
    assert Alias.objects.get(name="production").version == draft


def test_an_override_counts_until_it_expires(prompt: Prompt, golden: DatasetVersion) -> None:
    make_live(prompt)
    expired, open_one = make_draft(prompt), make_draft(prompt)
    now = timezone.now()
    for version, ends in ((expired, now - timedelta(1)), (open_one, now + timedelta(1))):
        Override.objects.create(
            version=version, reason="x", created_at=now - timedelta(2), expires_at=ends
        )
    with pytest.raises(IntegrityError, match="may not go live"), transaction.atomic():
        Alias.objects.update(version=expired)
    assert Alias.objects.update(version=open_one) == 1


def test_a_made_up_history_does_not_open_the_gate(prompt: Prompt, golden: DatasetVersion) -> None:
    make_live(prompt)
    with pytest.raises(IntegrityError, match="moves that were made"), transaction.atomic():
        Deployment.objects.create(
            prompt=prompt,
            alias="production",
            kind="promote",
            to_version=make_draft(prompt),
            epoch=7,
        )


def test_a_version_of_another_prompt_is_refused(prompt: Prompt) -> None:
    make_live(prompt)
    stranger = make_draft(Prompt.objects.create(name="farewell"))
    with pytest.raises(IntegrityError, match="another prompt"), transaction.atomic():
        Alias.objects.update(version=stranger)


def save_results(
    version: PromptVersion,
    golden: DatasetVersion,
    correct: list[int],
    engine: str = "builtin",
    **fields: Any,
) -> EvaluationRun:
    """A completed run in which each example has so many of ten fields right; nobody has judged it."""
    run = EvaluationRun.objects.create(
        version=version,
        dataset_version=golden,
        engine=version.bundle["engine"],
        ending="completed",
        ended_at=timezone.now(),
    )
    for example, right in zip(golden.examples.all(), correct, strict=False):
        call = make_call(version, engine=engine)
        result = {"output": {}, **fields, "correct": right, "total": 10, "call": call}
        ExampleResult.objects.create(run=run, example=example, **result)
    return run


def append_verdict(run: EvaluationRun, **changes: Any) -> Verdict:
    return Verdict.objects.create(
        **{
            "run": run,
            "version": run.version,
            "dataset_version": run.dataset_version,
            "engine": "builtin",
            "passed": True,
            **changes,
        }
    )


ALL_RIGHT = [10, 10, 10, 10]


def test_a_passed_verdict_is_what_opens_the_gate(prompt: Prompt, golden: DatasetVersion) -> None:
    make_live(prompt)
    draft = make_draft(prompt)
    run = save_results(draft, golden, ALL_RIGHT)
    with pytest.raises(IntegrityError, match="may not go live"), transaction.atomic():
        Alias.objects.update(version=draft)
    append_verdict(run)
    assert Alias.objects.update(version=draft) == 1


def test_the_newest_verdict_counts(prompt: Prompt, golden: DatasetVersion) -> None:
    make_live(prompt)
    draft = make_draft(prompt)
    run = save_results(draft, golden, ALL_RIGHT)
    append_verdict(run)
    append_verdict(run, passed=False, failures=["Too few are right."])
    with pytest.raises(IntegrityError, match="may not go live"), transaction.atomic():
        Alias.objects.update(version=draft)


def test_two_engines_do_not_make_one_pass(
    prompt: Prompt, golden: DatasetVersion, tmp_path: Path
) -> None:
    """Each has passed on one of the datasets."""
    make_live(prompt)
    draft = make_draft(prompt)
    folder = tmp_path / "more"
    folder.mkdir()
    more = import_dataset(
        task_name="greet", directory=write_guests(folder), name="more", author=None
    ).version
    append_verdict(save_results(draft, golden, ALL_RIGHT))
    append_verdict(save_results(draft, more, ALL_RIGHT, engine="vllm"), engine="vllm")
    with pytest.raises(IntegrityError, match="may not go live"), transaction.atomic():
        Alias.objects.update(version=draft)
    append_verdict(save_results(draft, more, ALL_RIGHT))
    assert Alias.objects.update(version=draft) == 1


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("running", "of a completed run"),
        ("another version", "of a completed run"),
        ("another engine", "the engine that answered"),
        ("three of four", "asked every example"),
        ("no reason", "verdict_says_why"),
    ],
)
def test_a_verdict_is_of_what_was_answered(
    prompt: Prompt, golden: DatasetVersion, fault: str, message: str
) -> None:
    draft = make_draft(prompt)
    run = save_results(draft, golden, ALL_RIGHT[: 3 if fault == "three of four" else 4])
    changes: dict[str, Any] = {
        "running": {"run": runner.start_run(version=draft, dataset_version=golden)},
        "another version": {"version": make_draft(prompt)},
        "another engine": {"engine": "vllm"},
        "no reason": {"passed": False},
    }.get(fault, {})
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        append_verdict(changes.pop("run", run), **changes)


@pytest.mark.parametrize("fault", ["cancelled", "other examples", "failed since"])
def test_what_is_no_pass_now_opens_nothing(
    prompt: Prompt, golden: DatasetVersion, tmp_path: Path, fault: str
) -> None:
    make_live(prompt)
    draft = make_draft(prompt)
    if fault == "cancelled":
        runner.end_run(runner.start_run(version=draft, dataset_version=golden), "cancelled")
    else:
        run = evaluate(draft, golden)
    if fault == "other examples":
        import_guests(write_guests(tmp_path, ["eve"]))
    if fault == "failed since":
        append_verdict(run, passed=False, failures=["Worse."])
    with pytest.raises(IntegrityError, match="may not go live"), transaction.atomic():
        Alias.objects.update(version=draft)


def test_a_table_of_the_same_name_does_not_answer_for_ours(
    prompt: Prompt, golden: DatasetVersion
) -> None:
    make_live(prompt)
    draft = make_draft(prompt)
    with pytest.raises(IntegrityError, match="may not go live"), transaction.atomic():
        run_sql(
            "CREATE TEMPORARY TABLE registry_override (version_id bigint, expires_at timestamptz)"
        )
        run_sql("INSERT INTO registry_override VALUES (%s, now() + interval '1 day')", draft.pk)
        Alias.objects.update(version=draft)


@pytest.mark.parametrize("table", ["override", "promptversion", "exampleresult", "verdict"])
def test_what_the_gate_reads_is_never_changed(
    prompt: Prompt, golden: DatasetVersion, table: str
) -> None:
    evaluate(make_live(prompt), golden)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        run_sql(f"DELETE FROM registry_{table}")  # noqa: S608


APP_ROLE = f"dresscode_app_{os.getpid()}"
"""Roles are the whole server's, which other test processes share."""

READER = f"dresscode_reader_{os.getpid()}"
GRANTS = f"""
GRANT USAGE ON SCHEMA public TO {READER};
GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READER};
GRANT USAGE ON SCHEMA public TO {APP_ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE};
REVOKE UPDATE, DELETE ON registry_promptversion, registry_deployment, registry_override,
    registry_datasetversion, registry_example, registry_exampleresult,
    registry_gatethresholds, registry_datasetchange, registry_versionarchiving FROM {APP_ROLE};
REVOKE INSERT, UPDATE, DELETE ON registry_verdict FROM {APP_ROLE};
GRANT EXECUTE ON FUNCTION registry_append_verdict, registry_blank_example, registry_blank_result TO {APP_ROLE};
"""  # noqa: S608


@pytest.fixture
def app_role(db: None) -> Iterator[None]:
    """A role like the one that `docs/deployment.md` tells to make: it uses the tables and owns none."""
    options = connection.settings_dict
    with psycopg.connect(
        host=options["HOST"], dbname=options["NAME"], user=postgres.SUPERUSER, autocommit=True
    ) as superuser:
        superuser.execute(f"CREATE ROLE {APP_ROLE}")
        superuser.execute(f"CREATE ROLE {READER}")
        superuser.execute(GRANTS)
        superuser.execute(f"GRANT {APP_ROLE}, {READER} TO dresscode")
        yield
        superuser.execute(f"DROP OWNED BY {APP_ROLE}, {READER}")
        superuser.execute(f"DROP ROLE {APP_ROLE}, {READER}")


def be_the_app() -> None:
    run_sql(f"SET LOCAL ROLE {APP_ROLE}")


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("ALTER TABLE registry_alias DISABLE TRIGGER ALL", "must be owner"),
        ("DROP TRIGGER registry_alias_guarded ON registry_alias", "must be owner"),
        ("DROP FUNCTION registry_guard_alias() CASCADE", "must be owner"),
        ("ALTER FUNCTION registry_guard_alias() SET search_path = pg_temp", "must be owner"),
        ("SET session_replication_role = replica", "permission denied"),
        ("TRUNCATE registry_deployment CASCADE", "permission denied"),
        ("UPDATE registry_exampleresult SET correct = total", "permission denied"),
        ("INSERT INTO registry_verdict (passed) VALUES (true)", "permission denied"),
        ("ALTER FUNCTION registry_append_verdict OWNER TO CURRENT_USER", "must be owner"),
    ],
)
def test_a_role_that_owns_no_table_cannot_open_the_gate(
    app_role: None, sql: str, message: str
) -> None:
    with pytest.raises(DatabaseError, match=message), transaction.atomic():
        be_the_app()
        run_sql(sql)


def test_the_role_that_owns_no_table_meets_the_gate(
    prompt: Prompt, golden: DatasetVersion, app_role: None
) -> None:
    make_live(prompt)
    draft = make_draft(prompt)
    with pytest.raises(IntegrityError, match="may not go live"), transaction.atomic():
        be_the_app()
        Alias.objects.update(version=draft)


def test_the_role_that_owns_no_table_promotes_what_passed(
    prompt: Prompt, golden: DatasetVersion, app_role: None
) -> None:
    make_live(prompt)
    draft = make_draft(prompt)
    evaluate(draft, golden)
    with transaction.atomic():
        be_the_app()
        releases.promote_version(version=draft, actor=None, reason="better")
    assert Alias.objects.get().version == draft


def test_the_role_that_owns_no_table_appends_verdicts_by_the_owners_function_alone(
    prompt: Prompt, golden: DatasetVersion, app_role: None
) -> None:
    run = runner.start_run(version=make_draft(prompt), dataset_version=golden)
    list(runner.answer_examples(run, 1, is_fresh=True))
    with transaction.atomic():
        be_the_app()
        runner.end_run(run, "completed")
    assert run.verdicts.get().passed
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        be_the_app()
        append_verdict(run)


def test_a_role_that_only_reads_appends_none(
    prompt: Prompt, golden: DatasetVersion, app_role: None
) -> None:
    run = evaluate(make_draft(prompt, parameters={"word": "Hi"}), golden)
    with pytest.raises(DatabaseError, match="permission denied for function"), transaction.atomic():
        run_sql(f"SET LOCAL ROLE {READER}")
        run_sql(
            "SELECT registry_append_verdict(%s, 'builtin', true, '[]', '{}', '{}', NULL)", run.pk
        )
