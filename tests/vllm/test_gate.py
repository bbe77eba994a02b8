"""The gate in front of a real server, whose model obeys its text: the good text passes, the bad ones do not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.engines.messages import build_messages
from registry.evaluation.datasets import import_dataset
from registry.evaluation.gate import NotPassedError
from registry.evaluation.runner import SEED, evaluate_version, read_context
from registry.models import DatasetVersion, Example, Prompt, PromptVersion, Verdict
from registry.prompts import live_versions
from registry.rendering import build_request
from registry.services.releases import promote_version
from registry.services.versions import create_version
from registry.tasks import get_task
from tests.vllm.checkpoints import build_obedient
from tests.vllm.conftest import configure_engines
from tests.vllm.server import VllmServer
from tests.vllm.texts import (
    COAT,
    GOLDEN,
    GOOD,
    INVENTED,
    ONE_OF_THREE,
    PROSE,
    TEXTS,
    make_bundle,
    obey,
)

pytestmark = [pytest.mark.vllm, pytest.mark.django_db(transaction=True)]

TASK = "suggest_outfit"
FAULTS = {
    COAT: "coat_when_hot",
    INVENTED: "invented_garment",
    PROSE: "truncated",
    ONE_OF_THREE: "incomplete_outfit",
}
"""What is to be found in the answers under each bad text, among other things."""


@pytest.fixture
def golden(vocabulary: None) -> DatasetVersion:
    Prompt.objects.create(name=TASK)
    return import_dataset(task_name=TASK, directory=GOLDEN, name="golden").version


@pytest.fixture
def versions(golden: DatasetVersion) -> dict[str, PromptVersion]:
    """One for each text. Nothing is live."""
    prompt = golden.dataset.prompt
    return {text: create_version(prompt=prompt, bundle=make_bundle(text)) for text in TEXTS}


@pytest.fixture
def chats(golden: DatasetVersion, versions: dict[str, PromptVersion]) -> list[dict[str, Any]]:
    """What will be asked under each text, and what it wants to be answered."""
    return [
        {"messages": write_messages(version, example), "answer": obey(text, example.key)}
        for text, version in versions.items()
        for example in golden.examples.all()
    ]


def write_messages(version: PromptVersion, example: Example) -> list[dict[str, Any]]:
    """As the evaluation will send them."""
    context = read_context(version, example)
    request = build_request(get_task(TASK), context, live_versions.hold(version), SEED)
    return build_messages(request)


@pytest.fixture
def obedient(
    vllm_python: Path,
    chats: list[dict[str, Any]],
    settings: Any,
    tmp_path: Path,
) -> Iterator[VllmServer]:
    folder = build_obedient(vllm_python, chats)
    server = VllmServer(vllm_python, folder, tmp_path / "server.log")
    server.start()
    configure_engines(settings, server.url)
    yield server
    server.kill()


def evaluate(version: PromptVersion, golden: DatasetVersion) -> Verdict:
    run = evaluate_version(version=version, dataset_version=golden, engine="vllm", jobs=3)
    verdict: Verdict = run.verdicts.get()
    assert verdict.engine == "vllm"
    return verdict


def promote(version: PromptVersion) -> None:
    promote_version(version=version, actor=None, reason="a test")
    live_versions.forget()


def test_a_good_text_goes_live_and_bad_ones_are_refused_by_the_right_check(
    obedient: VllmServer, golden: DatasetVersion, versions: dict[str, PromptVersion]
) -> None:
    verdicts = {text: evaluate(version, golden) for text, version in versions.items()}
    found = {text: v.figures["violations"] | v.figures["errors"] for text, v in verdicts.items()}
    assert [text for text, verdict in verdicts.items() if verdict.passed] == [GOOD]
    assert found[GOOD] == {}
    assert "2 answers are not well-formed." in verdicts[PROSE].failures
    promote(versions[GOOD])
    for text, fault in FAULTS.items():
        assert fault in found[text]
        with pytest.raises(NotPassedError) as refused:
            promote(versions[text])
        assert refused.value.failures == verdicts[text].failures != []
    live = live_versions.resolve(TASK)
    assert (live.version_id, live.engines) == (versions[GOOD].pk, frozenset({"vllm"}))
