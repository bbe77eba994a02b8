"""The documentation names what exists: links, commands, paths, tests, variables, names of the code."""

import re
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.conftest import ROOT, read_variables

NAMES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
PAGES = [*(ROOT / name for name in NAMES), *sorted((ROOT / "docs").glob("*.md"))]
LONGEST = 120
FREE = ("|", "#", "![", "    ")
"""What cannot be wrapped: tables, headings, pictures, code."""

CODE = (".py", ".toml", ".sql", ".html", ".js", ".json", ".jsonl", ".txt", ".example")
PACKAGES = {"lab": "lab/commands", "benchmarks": "benchmarks", "tests": "tests"}
"""Where `python -m NAME` looks for what follows."""

ROLES = {
    "admin",
    "commands",
    "forms",
    "management",
    "migrations",
    "models",
    "services",
    "templatetags",
    "views",
}
"""Sub-packages that any app may have."""

APPS = [
    "accounts",
    "dresscode",
    "feedback",
    "lab",
    "monitoring",
    "registry",
    "stores",
    "styling",
    "telemetry",
    "wardrobe",
]

Finder = Callable[[Path], Iterator[str]]


@cache
def list_files() -> frozenset[str]:
    """Files of the repository and their folders, relative to it."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = {name for name in listed.splitlines() if (ROOT / name).is_file()}
    return frozenset(files | {str(folder) for name in files for folder in Path(name).parents})


@cache
def list_words() -> frozenset[str]:
    """Every name that the code uses."""
    code = [name for name in list_files() if name.endswith(CODE) and (ROOT / name).is_file()]
    return frozenset(
        word for name in code for word in re.findall(r"\w+", (ROOT / name).read_text())
    )


@cache
def fits(glob: str) -> bool:
    """Whether there is such a file or folder; `*` stands for anything but a slash."""
    pattern = re.compile(re.escape(glob).replace(r"\*", "[^/]*"))
    return glob in list_files() or ("*" in glob and any(map(pattern.fullmatch, list_files())))


def list_spans(page: Path) -> Iterator[str]:
    """What stands in backticks, and each line of a block of code."""
    for line in page.read_text().splitlines():
        yield from [line.strip()] if line.startswith("    ") else re.findall(r"`([^`]+)`", line)


def list_anchors(page: Path) -> set[str]:
    """Of the headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def find_broken_links(page: Path) -> Iterator[str]:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        path, _, anchor = target.partition("#")
        file = page.parent / path if path else page
        if "://" in target:
            continue
        if not file.exists() or (anchor and anchor not in list_anchors(file)):
            yield target


def find_unknown_commands(page: Path) -> Iterator[str]:
    text = "\n".join(list_spans(page))
    known = get_commands()
    yield from (name for name in re.findall(r"\bmanage\.py ([a-z]\w*)", text) if name not in known)
    for package, name in re.findall(r"python -m (lab|benchmarks|tests)[ .]([a-z][\w.]*)", text):
        if not fits(f"{PACKAGES[package]}/{name.replace('.', '/')}.py"):
            yield f"{package} {name}"


def find_unknown_targets(page: Path) -> Iterator[str]:
    makefile = (ROOT / "Makefile").read_text()
    targets = re.findall(r"^([a-z][\w-]*):", makefile, re.MULTILINE)
    for span in list_spans(page):
        if (found := re.match(r"make ([a-z][\w-]*)", span)) and found[1] not in targets:
            yield found[1]


def find_missing_paths(page: Path) -> Iterator[str]:
    """Those that begin with a folder of the repository; `<name>` and `*` stand for anything."""
    roots = {name.split("/")[0] for name in list_files() if "/" in name}
    for span in list_spans(page):
        for path in re.findall(r"(?<![\w/.:-])[\w.]+(?:/[\w.<>*-]+)+", span):
            if path.split("/")[0] in roots and not fits(re.sub(r"<\w+>", "*", path.rstrip("."))):
                yield path


def find_unknown_tests(page: Path) -> Iterator[str]:
    for file, name in re.findall(r"`([\w./]*)::(test_\w+)", page.read_text()):
        ending = f"/{file}" if file else ""
        is_file = any(f"/{path}".endswith(ending) for path in list_files())
        if not is_file or name not in list_words():
            yield f"{file}::{name}"


def find_unknown_variables(page: Path) -> Iterator[str]:
    """Of the environment, or constants of the code."""
    known = {*read_variables(), *list_words()}
    for span in list_spans(page):
        if (found := re.match(r"([A-Z][A-Z0-9]*_[A-Z0-9_]+)(=|$)", span)) and found[1] not in known:
            yield found[1]


def find_unknown_names(page: Path) -> Iterator[str]:
    """Dotted names, and names of classes, of which the code does not know the last part."""
    for span in list_spans(page):
        name = span.removesuffix("()")
        if not re.fullmatch(r"[a-zA-Z]\w*(\.[a-zA-Z]\w*)+|([A-Z][a-z]+){2,}", name):
            continue
        is_file = Path(name).suffix in {*CODE, ".md", ".xml"}
        if not is_file and name.rsplit(".")[-1] not in list_words():
            yield name


def find_long_lines(page: Path) -> Iterator[str]:
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if len(line) > LONGEST and not line.startswith(FREE) and " " in line.strip():
            yield f"line {number}"


BAD: list[tuple[Finder, str]] = [
    (find_broken_links, "[gone](gone.md)"),
    (find_broken_links, "# Here\n\n[below](#there)"),
    (find_unknown_commands, "`manage.py fly`"),
    (find_unknown_commands, "    python -m lab train_birds --photos DIR"),
    (find_unknown_targets, "    make hay"),
    (find_missing_paths, "`registry/versions.py`"),
    (find_missing_paths, "`fixtures/<task>/prompts.md`"),
    (find_unknown_tests, "`test_docs.py::" + "test_" + "of_nothing`"),
    (find_unknown_variables, "`WEATHER_" + "MOOD_S=8`"),
    (find_unknown_names, "`alignment.measure_" + "likes`"),
    (find_unknown_names, "`Canary" + "Trial`"),
    (find_long_lines, "word " * 30),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
@pytest.mark.parametrize("find", dict.fromkeys(find for find, _ in BAD))
def test_a_page_names_what_exists_and_is_wrapped(find: Finder, page: Path) -> None:
    assert [*find(page)] == []


@pytest.mark.parametrize(("find", "text"), BAD)
def test_what_is_wrong_is_found(find: Finder, text: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(text)
    assert len([*find(page)]) == 1


@pytest.mark.parametrize("app", APPS)
def test_the_table_of_the_architecture_has_every_package(app: str) -> None:
    packages = [path.parent for path in (ROOT / app).glob("*/__init__.py")]
    rooms = {f"`{app}/{path.name}`" for path in packages if path.name not in ROLES}
    text = (ROOT / "docs" / "architecture.md").read_text()
    assert {room for room in rooms if room not in text} == set()


def test_the_readme_fits_on_a_few_screens() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 150
