"""Backups: what comes out of one is what went in, and nothing is restored that is not whole or would write over something."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test import override_settings

from dresscode.backups import making
from dresscode.backups.making import PREFIX, UNFINISHED, count_rows, make_backup
from dresscode.backups.manifest import DUMP, FILES, MANIFEST, UnfitBackupError, read_manifest
from dresscode.backups.programs import ProgramError, find_program, run_program
from dresscode.backups.restoring import NotEmptyError, restore_backup
from registry.models import PromptVersion
from tests.conftest import STATE
from tests.dresscode.emptied import make_empty_database
from tests.factories import make_garment, make_photo, make_user, make_version
from wardrobe.models import Garment
from wardrobe.photos.storage import list_files

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def storage(tmp_path: Path) -> Iterator[Path]:
    with override_settings(MEDIA_ROOT=tmp_path / "storage"):
        yield tmp_path / "storage"


@contextmanager
def another_machine(folder: Path) -> Iterator[None]:
    """A database that was just created and a storage without a file, in the place of ours."""
    name, ours = make_empty_database(STATE), connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        with override_settings(MEDIA_ROOT=folder):
            yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = ours


def read_files() -> dict[str, bytes]:
    found = {}
    for name in list_files():
        with default_storage.open(name) as file:
            found[name] = file.read()
    return found


def fill() -> Garment:
    photo = make_photo(make_user("wearer@example.org"), with_image=True)
    return make_garment(photo.owner, photo=photo, name="Grandmother’s coat", image=photo.image.name)


def test_an_empty_machine_gets_back_every_row_and_every_file(tmp_path: Path) -> None:
    garment, version = fill(), make_version()
    rows, files = count_rows(), read_files()
    assert len(files) == 2 and rows["wardrobe_garment"] == 1
    folder = make_backup(tmp_path / "backups")
    with another_machine(tmp_path / "elsewhere"):
        restored = restore_backup(folder)
        assert count_rows() == rows == restored.rows
        assert read_files() == files
        again = Garment.objects.get(pk=garment.pk)
        assert (again.name, again.owner.email) == ("Grandmother’s coat", "wearer@example.org")
        call_command("migrate", check=True, verbosity=0)
        with pytest.raises(DatabaseError, match="append-only"):  # Triggers came with it.
            PromptVersion.objects.filter(pk=version.pk).update(sha256="0" * 64)


def test_the_commands_say_what_they_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill()
    call_command("backup", str(tmp_path))
    said = capsys.readouterr()
    folder = Path(said.out.strip())
    assert folder.parent == tmp_path and "2 files" in said.err
    with another_machine(tmp_path / "elsewhere"):
        call_command("restore", str(folder))
    assert "and 2 files of" in capsys.readouterr().out


def test_nobody_else_may_read_a_backup(tmp_path: Path) -> None:
    assert make_backup(tmp_path).stat().st_mode & 0o777 == 0o700


def test_what_is_uploaded_during_the_dump_is_taken_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dump(path: Path) -> dict[str, int]:
        fill()
        return dump_database(path)

    dump_database = making.dump_database
    monkeypatch.setattr(making, "dump_database", dump)
    made = read_manifest(make_backup(tmp_path))
    assert made.rows["wardrobe_photo"] == 1 and len(made.files) == 2


def test_a_backup_that_breaks_off_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path) -> dict[str, int]:
        path.write_bytes(b"half")
        raise ProgramError("pg_dump failed: gone")

    monkeypatch.setattr(making, "dump_database", fail)
    with pytest.raises(CommandError, match="gone"):
        call_command("backup", str(tmp_path))
    assert list(tmp_path.glob(f"{PREFIX}*")) == []


@pytest.mark.parametrize("name", [DUMP, FILES])
@pytest.mark.parametrize("harm", ["cut", "changed", "gone"])
def test_a_damaged_backup_is_refused_before_anything_changes(
    tmp_path: Path, name: str, harm: str
) -> None:
    fill()
    folder = make_backup(tmp_path / "backups")
    path = folder / name
    if path.is_dir():
        path = next(one for one in sorted(path.rglob("*")) if one.is_file())
    content = path.read_bytes()
    if harm == "gone":
        path.unlink()
    else:
        last = b"" if harm == "cut" else bytes([content[-1] ^ 1])
        path.write_bytes(content[:-1] + last)
    with another_machine(tmp_path / "elsewhere"):
        with pytest.raises(UnfitBackupError, match="is not as it was written"):
            restore_backup(folder)
        assert count_rows() == {} and read_files() == {}


def test_what_was_cut_off_is_no_backup(tmp_path: Path) -> None:
    folder = make_backup(tmp_path)
    (folder / MANIFEST).unlink()
    with pytest.raises(UnfitBackupError, match="cut off"):
        restore_backup(folder)


def test_a_name_that_leads_out_of_the_backup_is_refused(tmp_path: Path) -> None:
    fill()
    folder = make_backup(tmp_path / "backups")
    said = json.loads((folder / MANIFEST).read_text())
    said["files"] = {"../../secret": next(iter(said["files"].values()))}
    (folder / MANIFEST).write_text(json.dumps(said))
    with (
        another_machine(tmp_path / "elsewhere"),
        pytest.raises(UnfitBackupError, match="leads out"),
    ):
        restore_backup(folder)


def test_a_backup_of_a_later_release_is_refused(tmp_path: Path) -> None:
    folder = make_backup(tmp_path / "backups")
    said = json.loads((folder / MANIFEST).read_text())
    said["migrations"].append("wardrobe.9999_of_next_year")
    (folder / MANIFEST).write_text(json.dumps(said))
    with (
        another_machine(tmp_path / "elsewhere"),
        pytest.raises(UnfitBackupError, match="has no wardrobe.9999_of_next_year"),
    ):
        restore_backup(folder)


def test_nothing_is_written_over(tmp_path: Path) -> None:
    garment = fill()
    folder = make_backup(tmp_path / "backups")
    with pytest.raises(NotEmptyError, match="tables"):
        restore_backup(folder)
    assert Garment.objects.get() == garment
    with another_machine(tmp_path / "elsewhere"):
        (tmp_path / "elsewhere" / "photos").mkdir(parents=True)
        (tmp_path / "elsewhere" / "photos" / "other.webp").write_bytes(b"another's")
        with pytest.raises(NotEmptyError, match=r"photos/other\.webp"):
            restore_backup(folder)
        assert count_rows() == {}


def test_files_that_are_there_already_are_let_be(tmp_path: Path) -> None:
    """A run that was cut off while it stored files is done again."""
    fill()
    files, folder = read_files(), make_backup(tmp_path / "backups")
    first = sorted(files)[0]
    (tmp_path / "elsewhere" / first).parent.mkdir(parents=True)
    (tmp_path / "elsewhere" / first).write_bytes(files[first])
    with another_machine(tmp_path / "elsewhere"):
        restore_backup(folder)
        assert read_files() == files


def test_the_newest_are_kept(tmp_path: Path) -> None:
    for day in (1, 2, 3):
        (tmp_path / f"{PREFIX}2020010{day}T000000Z").mkdir()
    (tmp_path / f"{PREFIX}20200104T000000Z{UNFINISHED}").mkdir()
    (tmp_path / "holidays").mkdir()
    call_command("backup", str(tmp_path), keep=2)
    names = {path.name for path in tmp_path.glob(f"{PREFIX}*")}
    assert f"{PREFIX}20200103T000000Z" in names and len(names) == 3
    assert not {f"{PREFIX}20200101T000000Z", f"{PREFIX}20200102T000000Z"} & names
    assert (tmp_path / "holidays").exists()
    with pytest.raises(CommandError, match="keep one at least"):
        call_command("backup", str(tmp_path), "--keep=0")


def test_a_program_that_is_too_old_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dresscode.backups.programs.read_major", lambda _: 9)
    with pytest.raises(ProgramError, match=r"install postgresql-client-\d+"):
        find_program("pg_dump")


def test_a_program_that_fails_is_told_in_its_words(tmp_path: Path) -> None:
    with pytest.raises(ProgramError, match="pg_restore failed: .*could not open"):
        run_program("pg_restore", [str(tmp_path / str(uuid4()))])


def test_no_password_is_among_the_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}

    def run(command: list[object], **options: object) -> object:
        seen.update(command=[str(part) for part in command], env=options.get("env"))
        raise OSError("seen")

    program = find_program("pg_dump")
    monkeypatch.setattr("dresscode.backups.programs.find_program", lambda _: program)
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "s3cret-word")
    monkeypatch.setattr("dresscode.backups.programs.subprocess.run", run)
    with pytest.raises(OSError, match="seen"):
        run_program("pg_dump", [])
    assert not any("s3cret-word" in part for part in seen["command"])  # type: ignore[attr-defined]
    assert seen["env"]["PGPASSWORD"] == "s3cret-word"  # type: ignore[index]
