"""The files of `deploy/`: closed as they say, and running the commands that the documents name. Schemas are `make check`'s."""

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from rq import Queue

from registry.engines.serving import SIZES, build_command
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
PROCESSES = {
    "web": "python -m dresscode.web",
    "photos": "python manage.py rqworker photos",
    "maintenance": "python manage.py rqworker maintenance",
    "scheduler": "python manage.py schedule",
}
ONCE = [
    "check --deploy --fail-level WARNING", "migrate", "load_vocabulary", "load_prompts", "load_alert_rules",
    "collectstatic --noinput",
]  # fmt: skip
LONGEST_JOB_S = 120
FOREIGN = {"POSTGRES_PASSWORD", "POSTGRES_DB", "POSTGRES_USER", "HF_HOME", "HOME"}
"""Variables of the images of others."""


def read_documents() -> dict[str, list[dict[str, Any]]]:
    found = {}
    for path in sorted(KUBERNETES.rglob("*.yaml")):
        found[str(path.relative_to(KUBERNETES))] = [
            one for one in yaml.safe_load_all(path.read_text()) if one
        ]
    return found


DOCUMENTS = read_documents()
ALL = [(path, one) for path, documents in DOCUMENTS.items() for one in documents]
CORE = [(path, one) for path, one in ALL if "keda.sh" not in one["apiVersion"] and one["kind"] != "Kustomization"]  # fmt: skip
PODS = {one["metadata"]["name"]: one["spec"]["template"] for _, one in CORE if one["kind"] in {"Deployment", "Job"}}  # fmt: skip
COMPOSE = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text())
OURS = [*PROCESSES, "release"]


def containers_of(pod: dict[str, Any]) -> list[dict[str, Any]]:
    return [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]


def read_unit(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in (DEPLOY / "systemd" / name).read_text().splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


@pytest.mark.parametrize("folder", ["base", "keda", "vllm"])
def test_a_kustomization_names_every_file_beside_it(folder: str) -> None:
    [told] = DOCUMENTS[f"{folder}/kustomization.yaml"]
    beside = {path.name for path in (KUBERNETES / folder).glob("*.yaml")}
    assert set(told["resources"]) == beside - {"kustomization.yaml"}


@pytest.mark.parametrize("name", PODS)
def test_a_pod_runs_as_nobody_on_a_root_that_is_read_only(name: str) -> None:
    pod = PODS[name]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    for one in containers_of(PODS[name]):
        held = one["securityContext"]
        assert held["readOnlyRootFilesystem"] is True
        assert held["allowPrivilegeEscalation"] is False
        assert held["capabilities"] == {"drop": ["ALL"]}
        assert {"cpu", "memory"} <= set(one["resources"]["requests"])
        assert "memory" in one["resources"]["limits"]


@pytest.mark.parametrize("name", OURS)
def test_a_container_of_compose_is_as_closed(name: str) -> None:
    one = COMPOSE["services"][name]
    assert one["read_only"] is True and one["cap_drop"] == ["ALL"]
    assert one["user"] == "10001:10001"
    assert one["security_opt"] == ["no-new-privileges:true"]


def test_nothing_but_the_proxys_port_is_open() -> None:
    opened = {name: one["ports"] for name, one in COMPOSE["services"].items() if "ports" in one}
    assert opened == {"web": ["127.0.0.1:8000:8000"]}


def test_the_image_runs_as_nobody_and_takes_what_the_product_needs() -> None:
    said = (DEPLOY / "container" / "Containerfile").read_text()
    last = said.rpartition("\nFROM ")[2]
    assert "\nUSER 10001:10001\n" in last and "COPY . " not in last
    ignored = (DEPLOY / "container" / "Containerfile.dockerignore").read_text().splitlines()
    taken = {line[1:] for line in ignored if line.startswith("!")}
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    apps = set(config["root_packages"]) - {"lab"}
    assert apps | {"manage.py", "requirements.txt", "templates", "static", "fixtures", "locale"} <= taken  # fmt: skip
    assert not taken & {"tests", "lab", "benchmarks", ".env", ".git"}
    assert all((ROOT / name).exists() for name in taken)


@pytest.mark.parametrize(("name", "command"), PROCESSES.items())
def test_each_process_runs_by_the_command_of_the_documents(name: str, command: str) -> None:
    assert f"`DRESSCODE_PROCESS=worker {command}`" in read_page() or f" {command}`" in read_page()
    words = command.split()
    assert COMPOSE["services"][name]["command"] == words
    [container] = PODS[name]["spec"]["containers"]
    assert container["command"] == words
    unit = "dresscode-scheduler.service" if name == "scheduler" else f"dresscode-{name}@.service"
    assert read_unit(unit)["ExecStart"] == [f"/opt/dresscode/.venv/bin/{command}"]
    is_worker = name != "web"
    assert (COMPOSE["services"][name].get("environment") == {"DRESSCODE_PROCESS": "worker"}) is is_worker  # fmt: skip
    assert (container.get("env") == [{"name": "DRESSCODE_PROCESS", "value": "worker"}]) is is_worker
    assert ("DRESSCODE_PROCESS=worker" in read_unit(unit)["Environment"]) if is_worker else True


def read_page() -> str:
    return (ROOT / "docs" / "deployment.md").read_text()


def test_a_release_runs_the_commands_of_the_documents() -> None:
    written = re.findall(r"^    python manage\.py (.+?)(?: +#.*)?$", read_page(), re.MULTILINE)
    assert written == ONCE
    units = read_unit("dresscode-release.service")["ExecStart"]
    assert [unit.partition("manage.py ")[2] for unit in units] == ONCE
    compose = COMPOSE["services"]["release"]["command"][-1].strip().splitlines()
    assert [line.strip().removeprefix("python manage.py ") for line in compose] == ONCE
    [container] = PODS["release"]["spec"]["containers"]
    [static] = PODS["web"]["spec"]["initContainers"]
    steps = [step.strip() for step in container["command"][-1].split(";")]
    steps.append(" ".join(static["command"]))  # Static files are those of each pod.
    assert [step.removeprefix("python manage.py ") for step in steps] == ONCE


@pytest.mark.parametrize("queue", ["photos", "maintenance"])
def test_a_worker_may_end_its_job(queue: str) -> None:
    assert PODS[queue]["spec"]["terminationGracePeriodSeconds"] > LONGEST_JOB_S
    grace = COMPOSE["services"][queue]["stop_grace_period"]
    assert int(grace.removesuffix("s")) > LONGEST_JOB_S
    unit = read_unit(f"dresscode-{queue}@.service")
    assert int(unit["TimeoutStopSec"][0]) > LONGEST_JOB_S
    assert unit["KillMode"] == ["mixed"], "a second SIGTERM, to the child, would drop its job"


def test_keda_looks_at_the_lists_that_rq_writes() -> None:
    """Under the prefix that rq takes where nothing is set: a test run has its own."""
    assert "# RQ_KEY_PREFIX=rq\n" in (ROOT / ".env.example").read_text()
    lists = DOCUMENTS["keda/scaling.yaml"]
    scaled = {one["metadata"]["name"]: one["spec"] for one in lists if one["kind"] == "ScaledObject"}  # fmt: skip
    assert set(scaled) == {"photos", "maintenance"}
    for name, spec in scaled.items():
        [trigger] = spec["triggers"]
        written = f"{Queue.redis_queue_namespace_prefix}{name}".partition(":")[2]
        assert trigger["metadata"]["listName"] == f"rq:{written}"
        assert spec["scaleTargetRef"] == {"name": name} and name in PODS


def test_every_deployment_has_its_disruption_budget() -> None:
    def labels(kind: str, at: str) -> list[Any]:
        return [one["spec"]["selector"]["matchLabels"] for path, one in CORE
                if one["kind"] == kind and path.startswith(at)]  # fmt: skip

    for folder in ("base", "vllm"):
        budgets = labels("PodDisruptionBudget", folder)
        assert labels("Deployment", folder) and all(
            one in budgets for one in labels("Deployment", folder)
        )


def test_nobody_comes_in_but_by_a_rule() -> None:
    policies = {one["metadata"]["name"]: one["spec"] for _, one in CORE if one["kind"] == "NetworkPolicy"}  # fmt: skip
    assert policies["nobody-comes-in"] == {"podSelector": {}, "policyTypes": ["Ingress"]}
    opened = [name for name, one in policies.items() if one.get("ingress")]
    assert opened == ["web-from-ingress", "vllm-from-dresscode"]


def test_probes_ask_under_a_name_that_is_answered() -> None:
    [container] = PODS["web"]["spec"]["containers"]
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        [header] = container[probe]["httpGet"]["httpHeaders"]
        assert header == {"name": "Host", "value": "dresscode-web"}
    [config] = DOCUMENTS["base/config.yaml"]
    assert config["data"]["ALLOWED_HOSTS"] == "dresscode-web"
    assert "ALLOWED_HOSTS=dresscode-web" in (DEPLOY / "compose" / "example.env").read_text()


def test_vllm_is_served_as_the_product_serves_it() -> None:
    [container] = PODS["vllm"]["spec"]["containers"]
    revision = container["command"][container["command"].index("--revision") + 1]
    assert container["command"] == build_command(SIZES["e4b"], revision=revision, host="0.0.0.0")  # noqa: S104
    version = re.search(r"^vllm==(\S+)", (ROOT / "requirements-serving.txt").read_text(), re.MULTILINE)  # fmt: skip
    assert version and container["image"].endswith(f":v{version[1]}")
    assert f"@{revision}" in (ROOT / ".env.example").read_text()


def list_variables() -> Iterator[str]:
    for path in (DEPLOY / "compose" / "example.env", DEPLOY / "systemd" / "dresscode.env"):
        yield from re.findall(r"^([A-Z_]+)=", path.read_text(), re.MULTILINE)
    [config] = DOCUMENTS["base/config.yaml"]
    yield from config["data"]
    for pod in PODS.values():
        for container in containers_of(pod):
            yield from (one["name"] for one in container.get("env", []))
    for path in (DEPLOY / "systemd").glob("*.service"):
        for setting in read_unit(path.name).get("Environment", []):
            yield setting.partition("=")[0]


@pytest.mark.parametrize("name", sorted(set(list_variables()) - FOREIGN))
def test_a_variable_is_one_that_the_product_reads(name: str) -> None:
    assert re.search(rf"^# {name}=", (ROOT / ".env.example").read_text(), re.MULTILINE)


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed")
    for path in (DEPLOY / "systemd").iterdir():
        text = path.read_text().replace("/opt/dresscode/.venv/bin/python", "/bin/true")
        (tmp_path / path.name).write_text(text)
    names = [path.name.replace("@.", "@1.") for path in tmp_path.iterdir() if path.suffix != ".env"]
    said = subprocess.run(  # noqa: S603
        [program, "verify", "--man=no", *names],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
    )
    ours = [line for line in said.stderr.splitlines() if "dresscode" in line]
    assert ours == []
