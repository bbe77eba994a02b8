"""Static files are collected when one of them has changed, and only then."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from dresscode.local import static_files


@pytest.fixture
def source(settings: Settings, tmp_path: Path) -> Path:
    """The only file there is."""
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATICFILES_DIRS = [tmp_path / "sources"]
    (tmp_path / "sources").mkdir()
    (file := tmp_path / "sources" / "page.css").write_text("a { color: red }")
    return file


def collect_again(settings: Settings) -> bool:
    """Whether the file is put back that somebody took away."""
    collected = Path(settings.STATIC_ROOT) / "page.css"
    collected.unlink()
    static_files.collect_static_files()
    return collected.exists()


def test_the_same_files_are_collected_once(source: Path, settings: Settings) -> None:
    static_files.collect_static_files()
    assert not collect_again(settings)


def test_a_changed_file_has_all_collected_anew(source: Path, settings: Settings) -> None:
    static_files.collect_static_files()
    source.write_text("a { color: blue }")
    assert collect_again(settings)


def test_another_storage_has_all_collected_anew(source: Path, settings: Settings) -> None:
    static_files.collect_static_files()
    backend = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}
    assert static_files.hash_sources() != (settings.STATIC_ROOT / static_files.MARK).read_text()
