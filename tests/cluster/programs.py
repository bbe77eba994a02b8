"""The programs of a cluster: Debian's packages, and what of them this machine lacks."""

import shutil
from pathlib import Path

PACKAGES = {
    "pgbouncer": "pgbouncer",
    "redis-server": "redis-server",
    "nginx": "nginx-light",
    "faketime": "faketime",
}
"""By the program that is looked for. PostgreSQL with pgvector comes with `make run`: Debian 12 has no pgvector."""
PLACES = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def find_program(name: str) -> Path | None:
    found = shutil.which(name, path=PLACES)
    return Path(found) if found else None


def program(name: str) -> Path:
    found = find_program(name)
    assert found is not None, f"{name} is not installed: make cluster-packages"
    return found


def list_missing() -> list[str]:
    """Packages, by name."""
    return [package for name, package in PACKAGES.items() if find_program(name) is None]


if __name__ == "__main__":
    print(*list_missing())  # noqa: T201
