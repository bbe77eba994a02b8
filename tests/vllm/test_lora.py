"""The recipe for LoRA: from rows of an export to an adapter that the real vLLM serves as a version."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.factories import make_image
from tests.vllm.live import DRAWN, go_live
from tests.vllm.server import GEMMA, MODEL, REVISION, VARIABLES, VllmServer, clean_environment
from tests.vllm.test_adapter_versions import describe

pytestmark = [pytest.mark.vllm, pytest.mark.django_db(transaction=True)]

RECIPE = Path(__file__).resolve().parents[2] / "lab" / "training" / "lora.py"
NAME = "corrections-lora"


def write_set(folder: Path) -> Path:
    (folder / "images").mkdir(parents=True)
    (folder / "images" / "a.webp").write_bytes(make_image(size=(320, 240), format="WEBP"))
    row = {
        "images": ["images/a.webp"],
        "prompt": [
            {"role": "system", "content": [{"type": "text", "text": "You describe clothes."}]},
            {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "Describe."}]},
        ],
        "completion": [
            {"role": "assistant", "content": [{"type": "text", "text": '{"garments":[]}'}]}
        ],
    }
    (folder / "train.jsonl").write_text(json.dumps(row) + "\n")
    return folder


def run_recipe(
    python: Path, checkpoint: Path, folder: Path, *more: str
) -> subprocess.CompletedProcess[str]:
    command = [
        python,
        RECIPE,
        "--checkpoint",
        checkpoint,
        "--set",
        folder,
        "--output",
        folder / "out",
    ]
    command += ["--steps", "12", "--learning-rate", "0.02", *more]
    environment = {**clean_environment(), **VARIABLES}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def read_first_word(vllm: VllmServer, model: str) -> tuple[str, float]:
    """The likeliest first word of an answer, and the logarithm of its probability."""
    question = [{"role": "user", "content": "Describe."}]
    body = {
        "model": model,
        "messages": question,
        "max_tokens": 1,
        "temperature": 0.0,
        "logprobs": True,
    }
    word = vllm.post("/v1/chat/completions", body).json()["choices"][0]["logprobs"]["content"][0]
    return word["token"], word["logprob"]


def test_the_recipe_learns_the_completion_and_vllm_serves_it_as_a_version(
    vllm: VllmServer, vllm_python: Path, checkpoint: Path, vocabulary: None, tmp_path: Path
) -> None:
    folder = write_set(tmp_path / "set")
    done = run_recipe(vllm_python, checkpoint, folder)
    assert done.returncode == 0, done.stderr[-2000:]
    facts = json.loads((folder / "out" / "training.json").read_text())
    assert facts["losses"][1] < facts["losses"][0]
    served = f"{NAME}@{REVISION}"
    out = str(folder / "out")
    assert vllm.post("/v1/load_lora_adapter", {"lora_name": served, "lora_path": out}).is_success
    go_live("digitize_photo", engine="vllm", sampling=DRAWN, model={**GEMMA, "adapter": NAME})
    [answer] = describe()
    told = {model: read_first_word(vllm, model) for model in (MODEL, served)}
    vllm.post("/v1/unload_lora_adapter", {"lora_name": served})
    assert answer.model == served
    assert told[MODEL] != told[served]


def test_another_chat_template_than_the_pinned_one_is_refused(
    vllm_python: Path, checkpoint: Path, tmp_path: Path
) -> None:
    folder = write_set(tmp_path / "set")
    done = run_recipe(vllm_python, checkpoint, folder, "--template-sha256", "0" * 64)
    assert done.returncode != 0 and "The chat template is" in done.stderr
    assert not (folder / "out").exists()
