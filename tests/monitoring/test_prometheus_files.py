"""The dashboard and the rules for Prometheus name metrics that we emit, and Prometheus' own checker takes them."""

import json
import re
import subprocess
from typing import Any

import django_rq
import pytest
import yaml
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from monitoring.models import DriftReport
from tests.conftest import ROOT
from tests.factories import make_version
from tests.monitoring.alerts.rows import make_rule
from tests.monitoring.calls import SHOWN, build_figures, end_call
from tests.monitoring.promtool import find_promtool
from tests.monitoring.test_metrics import TOKEN

pytestmark = pytest.mark.django_db(transaction=True)

FOLDER = ROOT / "deploy" / "monitoring"
NAME = re.compile(r"\b(?:dresscode|django|rq)_\w+")
SUFFIXES = {"counter": ("",), "gauge": ("",), "histogram": ("_bucket", "_count", "_sum")}


@pytest.fixture
def text(settings: Settings, client: Client) -> str:
    """What Prometheus reads of a site where each kind of thing has happened once."""
    settings.METRICS_TOKEN = TOKEN
    end_call(make_version("suggest_outfit"), violations=[SHOWN])
    build_figures()
    make_rule(name="Failed calls")
    DriftReport.objects.create(created_at=timezone.now(), findings=[])
    django_rq.get_queue("photos").enqueue("tests.dresscode.jobs.nothing_job")
    client.get("/livez")
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    return answer.content.decode()


def list_emitted(text: str) -> set[str]:
    types = re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE)
    return {name + suffix for name, kind in types for suffix in SUFFIXES[kind]}


def list_expressions() -> list[str]:
    rules: dict[str, Any] = yaml.safe_load((FOLDER / "alerts.yml").read_text())
    asked = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    board = json.loads((FOLDER / "dashboard.json").read_text())
    shown = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    variables = [one["query"] for one in board["templating"]["list"]]
    return [*asked, *shown, *variables]


def test_every_metric_that_is_asked_for_is_emitted(text: str) -> None:
    asked = {name for expression in list_expressions() for name in NAME.findall(expression)}
    assert len(asked) > 12
    assert asked - list_emitted(text) == set()


def test_every_panel_asks_the_data_source_that_is_chosen() -> None:
    board = json.loads((FOLDER / "dashboard.json").read_text())
    sources = {
        target["datasource"]["uid"] for panel in board["panels"] for target in panel["targets"]
    }
    assert sources == {"${datasource}"}
    numbers = [panel["id"] for panel in board["panels"]]
    assert len(numbers) == len(set(numbers))


def test_every_rule_has_a_test_in_which_it_fires() -> None:
    rules = yaml.safe_load((FOLDER / "alerts.yml").read_text())
    names = {rule["alert"] for group in rules["groups"] for rule in group["rules"]}
    tests = yaml.safe_load((FOLDER / "alerts_test.yml").read_text())["tests"]
    fired = {
        one["alertname"] for test in tests for one in test["alert_rule_test"] if one["exp_alerts"]
    }
    assert fired == names


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "rules", "alerts.yml"],
        ["test", "rules", "alerts_test.yml"],
        ["check", "config", "--syntax-only", "prometheus.yml"],
    ],
)
def test_promtool_takes_the_files(arguments: list[str]) -> None:
    done = subprocess.run([need_promtool(), *arguments], cwd=FOLDER, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_promtool_takes_what_we_emit(text: str) -> None:
    """But for the names of others, which are not as it likes them."""
    done = subprocess.run(
        [need_promtool(), "check", "metrics"], input=text, capture_output=True, text=True
    )
    said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    assert [line for line in said if not line.startswith(("rq_", "django_http_"))] == []


def need_promtool() -> str:
    found = find_promtool()
    if found is None:
        pytest.skip("promtool: there is none, and Debian's package could not be fetched")
    return found
