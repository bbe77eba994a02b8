"""What `deploy/` ships, as a cluster starts it: commands of Compose, and configurations under other names and ports."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"


@cache
def read_compose() -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text())[
        "services"
    ]
    return services


def command_of(service: str) -> list[str]:
    return [str(word) for word in read_compose()[service]["command"]]


def environment_of(service: str) -> dict[str, str]:
    return dict(read_compose()[service].get("environment", {}))


def fill_in(path: str, values: Mapping[str, str]) -> str:
    """A file of `deploy/` with other values in the places of those that it has, each of which it must have."""
    text = (DEPLOY / path).read_text()
    for shipped, ours in values.items():
        assert shipped in text, f"{path} has no {shipped!r}"
        text = text.replace(shipped, ours)
    return text
