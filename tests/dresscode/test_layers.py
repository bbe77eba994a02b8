"""Every room of the product has an import-linter contract that names all its modules."""

import tomllib

from tests.conftest import ROOT

CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
BY_FRAMEWORK = {"commands", "management", "migrations", "sql", "templatetags"}
"""Packages whose modules Django finds by their names, or that hold no modules."""


def list_rooms() -> set[str]:
    inits = [path for app in CONFIG["root_packages"] for path in (ROOT / app).rglob("__init__.py")]
    packages = [init.parent.relative_to(ROOT) for init in inits]
    return {".".join(package.parts) for package in packages if package.name not in BY_FRAMEWORK}


def list_containers() -> set[str]:
    contracts = [one for one in CONFIG["contracts"] if one["type"] == "layers"]
    return {name for one in contracts if one.get("exhaustive") for name in one["containers"]}


def test_every_room_names_its_modules() -> None:
    assert list_rooms() - list_containers() == {"lab.synthetic.cuts"}


def test_no_app_has_more_than_a_dozen_modules_at_its_root() -> None:
    counts = {app: len(list((ROOT / app).glob("*.py"))) for app in CONFIG["root_packages"]}
    assert {app: count for app, count in counts.items() if count > 12} == {}


def test_no_product_file_is_longer_than_four_hundred_lines() -> None:
    files = [path for app in CONFIG["root_packages"] for path in (ROOT / app).rglob("*.py")]
    product = [path for path in files if "migrations" not in path.parts and "lab" not in path.parts]
    lengths = {path.name: len(path.read_text().splitlines()) for path in product}
    assert {name: length for name, length in lengths.items() if length > 400} == {}
