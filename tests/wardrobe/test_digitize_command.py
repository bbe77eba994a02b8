"""`manage.py digitize`. No test here may touch the database: pytest-django would refuse it."""

import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as live_settings
from django.core.management import CommandError, call_command
from PIL import Image
from pytest_django.fixtures import Settings

from registry.engines import get_engine
from tests.fakes import Script, answer, serve_vllm
from tests.wardrobe.drawings import draw_shirt
from tests.wardrobe.pictures import encode
from wardrobe.services import batch_digitize
from wardrobe.tasks import DigitizeAnswer, DigitizePhoto

RED = (190, 30, 40)
TURNED_LEFT = 6
"""The EXIF orientation of a photo that has to be turned right to stand upright."""


def lay_photo(folder: Path, name: str, format: str = "jpeg", **options: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_bytes(encode(draw_shirt(RED).resize((192, 256)), format, **options))
    return file


def lay_copies(folder: Path, count: int) -> list[Path]:
    data = lay_photo(folder, "0.jpg").read_bytes()
    files = [folder / f"{number}.jpg" for number in range(count)]
    for file in files:
        file.write_bytes(data)
    return files


def digitize(*arguments: object) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("digitize", *map(str, arguments), "--jsonl", "--jobs", "1", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_photo_becomes_one_line_with_its_garment(tmp_path: Path) -> None:
    file = lay_photo(tmp_path, "red.jpg")
    (photo,) = digitize(file)
    assert set(photo) == {"file", "garments", "error", "ms"}
    assert (photo["file"], photo["error"]) == (file.as_posix(), None)
    (garment,) = photo["garments"]
    assert garment["colors"][0]["name"] == "red"
    assert garment["colors"][0]["hex"].startswith("#")
    assert {"type", "slot", "pattern", "box"} <= set(garment)
    assert {"type", "colors", "pattern"} <= set(garment["confidence"])
    assert photo["ms"] > 0


@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "heif", "avif"])
def test_every_format_that_the_app_takes_is_read(tmp_path: Path, format: str) -> None:
    (photo,) = digitize(lay_photo(tmp_path, f"red.{format}", format))
    assert photo["error"] is None
    assert photo["garments"][0]["colors"][0]["name"] == "red"


def test_boxes_are_those_of_the_upright_photo(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = TURNED_LEFT
    upright = lay_photo(tmp_path, "upright.jpg")
    turned = tmp_path / "turned.jpg"
    with Image.open(upright) as picture:
        picture.transpose(Image.Transpose.ROTATE_90).save(turned, exif=exif)
    boxes = [photo["garments"][0]["box"] for photo in digitize(upright, turned)]
    assert boxes[0] == pytest.approx(boxes[1], abs=0.03)


def test_folders_are_read_in_order_and_what_is_no_photo_is_passed_over(tmp_path: Path) -> None:
    for name in ("b/2.jpg", "a/9.JPG", "a/z/1.jpg"):
        lay_photo((tmp_path / name).parent, Path(name).name)
    (tmp_path / "notes.txt").write_text("not a photo")
    files = [photo["file"].removeprefix(f"{tmp_path}/") for photo in digitize(tmp_path)]
    assert files == ["a/9.JPG", "a/z/1.jpg", "b/2.jpg"]


def test_a_bad_file_is_a_line_with_an_error_and_the_next_goes_on(tmp_path: Path) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_text("hello")
    refused, missing, read = digitize(bad, tmp_path / "gone.jpg", lay_photo(tmp_path, "red.jpg"))
    assert refused["error"].startswith("This is a text, not a photo.")
    assert missing["error"] == "This file cannot be read: No such file or directory."
    assert refused["garments"] == missing["garments"] == []
    assert read["error"] is None


def test_a_fault_of_ours_is_a_line_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(data: bytes) -> None:
        raise RuntimeError("loose wire")

    monkeypatch.setattr(batch_digitize, "inspect_photo", break_down)
    (photo,) = digitize(lay_photo(tmp_path, "red.jpg"))
    assert photo["error"] == "This photo could not be described: RuntimeError: loose wire"


def test_people_get_a_line_for_each_garment(tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("digitize", str(lay_photo(tmp_path, "red.jpg")), "--jobs", "1", stdout=out)
    photo, garment = out.getvalue().splitlines()
    assert photo.startswith(f"{tmp_path}/red.jpg  (")
    assert "red #" in garment


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no photos"):
        digitize(tmp_path)


@pytest.fixture
def fresh_engines() -> Iterator[None]:
    get_engine.cache_clear()
    yield
    get_engine.cache_clear()


SOMETIMES = {"finer name right, where told", "wrong kinds that need a look"}
"""Rows of a table that count some answers alone, and are left out where there is none."""
GOLDEN = {"type": "blazer", "colours": ["navy"], "patterns": ["striped"]}
GARMENT = {"type": "blazer", "colours": [{"name": "navy", "share": 1.0}], "pattern": "solid"}


def test_vllm_is_asked_with_the_photo_and_the_schema(
    tmp_path: Path, settings: Settings, fresh_engines: None
) -> None:
    with serve_vllm(Script(answer(json.dumps({"garments": [GARMENT]})))) as server:
        point_at(settings, server.url)
        (photo,) = digitize(lay_photo(tmp_path, "red.jpg"), "--engine", "vllm")
        (body,) = server.requests
    assert photo["garments"][0]["slot"] == "outerwear"
    assert photo["garments"][0]["colors"] == [{"name": "navy", "hex": "#1f2a44", "share": 1.0}]
    assert body["response_format"]["json_schema"]["name"] == "digitize_photo"
    assert body["messages"][-1]["content"][0]["image_url"]["url"].startswith("data:image/webp")


def test_every_engine_is_measured_by_one_table(
    tmp_path: Path, settings: Settings, fresh_engines: None
) -> None:
    label = {"file": "red.jpg", "type": "blazer", "colors": ["navy"], "pattern": "striped"}
    lay_photo(tmp_path, "red.jpg")
    labels = tmp_path / "labels.jsonl"
    labels.write_text(json.dumps(label) + "\n")
    with serve_vllm(Script(answer(json.dumps({"garments": [GARMENT]})))) as server:
        point_at(settings, server.url)
        asked = tabulate(tmp_path, labels, "vllm")
    assert (asked["colour"], asked["pattern"]) == ("1 of 1", "0 of 1")
    assert asked["finer name right, where told"] == "1 of 1"
    answered = DigitizeAnswer.model_validate({"garments": [GARMENT]})
    golden = DigitizePhoto().tabulate([({"garments": [GOLDEN]}, answered)], {})
    built_in = tabulate(tmp_path, labels, "builtin")
    assert {*asked} - SOMETIMES == {*built_in} - SOMETIMES == {*read_table(golden)} - SOMETIMES


def tabulate(folder: Path, labels: Path, engine: str) -> dict[str, str]:
    out = io.StringIO()
    options = {"labels": labels, "engine": engine, "jobs": 1}
    call_command("digitize", str(folder), stdout=out, **options)
    return read_table(out.getvalue())


def read_table(text: str) -> dict[str, str]:
    """How many were right of how many, by the row's name; a row without any is left out."""
    rows = (re.match(r"(.+?) {2,}.*?(\d+ of \d+)", line) for line in text.splitlines())
    return {row[1]: row[2] for row in rows if row}


def test_an_engine_without_an_answer_is_an_error_line(
    tmp_path: Path, settings: Settings, fresh_engines: None
) -> None:
    with serve_vllm(Script(status=500, body="out of memory")) as server:
        point_at(settings, server.url)
        (photo,) = digitize(lay_photo(tmp_path, "red.jpg"), "--engine", "vllm")
    assert photo["error"].startswith("The engine gave no answer: vLLM answered 500")


def test_vllm_without_an_address_is_refused_at_once(tmp_path: Path, settings: Settings) -> None:
    settings.VLLM_BASE_URL = ""
    with pytest.raises(CommandError, match="VLLM_BASE_URL"):
        digitize(lay_photo(tmp_path, "red.jpg"), "--engine", "vllm")


def point_at(settings: Settings, url: str) -> None:
    settings.VLLM_BASE_URL = url
    engine = {"ENGINE": "registry.engines.vllm.VllmEngine", "OPTIONS": {"base_url": url}}
    settings.INFERENCE_ENGINES = {**settings.INFERENCE_ENGINES, "vllm": engine}


def start(*arguments: object) -> "subprocess.Popen[str]":
    """The command as a shell would start it, in a group of its own for Ctrl-C."""
    command = [
        sys.executable,
        live_settings.BASE_DIR / "manage.py",
        "digitize",
        *map(str, arguments),
    ]
    environment = {**os.environ, "SECRET_KEY": "only-for-this-test", "DATABASE_URL": ""}
    return subprocess.Popen(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Whoever runs the tests in the background ignores Ctrl-C, and children inherit that.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        env=environment,
    )


@pytest.mark.slow
def test_processes_answer_in_order_and_survive_a_reader_who_leaves(tmp_path: Path) -> None:
    lay_copies(tmp_path, 6)
    (tmp_path / "0.jpg").write_bytes(b"")
    with start(tmp_path, "--jsonl", "--jobs", 2) as process:
        assert process.stdout
        assert process.stderr
        files = [json.loads(process.stdout.readline())["file"] for _ in range(3)]
        process.stdout.close()
        complaints = process.stderr.read()
    assert files == [f"{tmp_path}/{number}.jpg" for number in range(3)]
    assert (process.returncode, complaints) == (0, "")


@pytest.mark.slow
def test_ctrl_c_ends_all_processes_without_a_traceback(tmp_path: Path) -> None:
    lay_copies(tmp_path, 200)
    with start(tmp_path, "--jsonl", "--jobs", 2) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        process.stdout.read()
        complaints = process.stderr.read()
    assert (process.returncode, complaints) == (130, "")


@pytest.mark.slow
def test_a_photo_that_kills_its_process_costs_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "dresscode.settings")
    monkeypatch.setenv("SECRET_KEY", "only-for-this-test")
    files = lay_copies(tmp_path, 3)
    found = list(batch_digitize.scan_files(files, engine="builtin", jobs=2, scan=kill_at_one))
    assert [photo["error"] for photo in found] == [None, batch_digitize.LOST, None]


def kill_at_one(file: Path, *, engine: str) -> dict[str, Any]:
    if file.name == "1.jpg":
        os.kill(os.getpid(), signal.SIGKILL)
    return batch_digitize.report(file)
