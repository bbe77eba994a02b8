"""A LoRA adapter for Gemma 4, from an exported training set, in PEFT's format.

    python lab/training/lora.py --checkpoint DIR --set DIR --output DIR [--steps 200]

Needs torch, transformers, safetensors and Pillow (requirements-lora.txt) and nothing of Dresscode. Rows are prompt and
completion; only the completion is learned, and that is asserted of every row. Serve the adapter with the chat template
that it was trained with: its SHA-256 goes into the card. Only projections of the language layers get an adapter, as vLLM
loads them.
"""

import argparse
import hashlib
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from safetensors.torch import save_file
from transformers import AutoProcessor, Gemma4ForConditionalGeneration

TARGETS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
LAYER = re.compile(r"model\.language_model\.layers\.\d+\.(?:self_attn|mlp)\.(\w+)")
TURN_ENDS = "<turn|>"
IGNORED = -100
"""The label of a token that is not learned (torch.nn.functional.cross_entropy)."""


class TemplateMismatchError(ValueError):
    """The chat template is not the one that was pinned."""


class LabelsError(ValueError):
    """What would be learned is not exactly the completion."""


@dataclass(frozen=True)
class Options:
    rank: int = 8
    steps: int = 200
    learning_rate: float = 2e-4
    seed: int = 1

    @property
    def scale(self) -> float:
        return 2.0  # lora_alpha is twice the rank.


class Adapted(torch.nn.Module):
    """A frozen linear layer with a low-rank one beside it, which adds nothing at first."""

    def __init__(self, inner: torch.nn.Linear, rank: int, scale: float) -> None:
        super().__init__()
        self.inner, self.scale = inner, scale
        self.down = torch.nn.Parameter(torch.empty(rank, inner.in_features))
        self.up = torch.nn.Parameter(torch.zeros(inner.out_features, rank))
        torch.nn.init.kaiming_uniform_(self.down, a=math.sqrt(5))

    def forward(self, seen: torch.Tensor) -> torch.Tensor:
        added = (seen.float() @ self.down.T) @ self.up.T * self.scale
        return self.inner(seen) + added.to(seen.dtype)


def read_rows(folder: Path) -> Iterator[dict[str, Any]]:
    """The rows that are learned from. Raises OSError."""
    for line in (folder / "train.jsonl").read_text().splitlines():
        yield json.loads(line)


def hash_template(processor: Any) -> str:
    return hashlib.sha256(processor.chat_template.encode()).hexdigest()


def encode(processor: Any, row: dict[str, Any], folder: Path) -> dict[str, torch.Tensor]:
    """Tokens, pictures and labels of one row. Raises LabelsError."""
    [message] = row["completion"]
    completion = message["content"][0]["text"] + TURN_ENDS
    prompt = processor.apply_chat_template(
        row["prompt"], tokenize=False, add_generation_prompt=True
    )
    pictures = [Image.open(folder / name).convert("RGB") for name in row["images"]]
    batch = dict(
        processor(
            text=prompt + completion, images=pictures, return_tensors="pt", add_special_tokens=False
        )
    )
    learned = processor.tokenizer(
        completion, add_special_tokens=False, return_tensors="pt"
    ).input_ids
    ids, count = batch["input_ids"], learned.shape[1]
    labels = torch.full_like(ids, IGNORED)
    labels[0, -count:] = ids[0, -count:]
    check_labels(processor, ids, labels, completion)
    return {**batch, "labels": labels}


def check_labels(processor: Any, ids: torch.Tensor, labels: torch.Tensor, completion: str) -> None:
    """That the labels cover the completion and its end of turn, and nothing else. Raises LabelsError."""
    covered = labels[0] != IGNORED
    told = processor.tokenizer.decode(ids[0][covered], skip_special_tokens=False)
    if told != completion or not covered[-1]:
        raise LabelsError(f"{int(covered.sum())} labels cover {told[:80]!r}, not the completion.")


def adapt(model: Any, options: Options) -> dict[str, Adapted]:
    """Put an adapter beside every projection of the language layers; by the name of the layer."""
    model.requires_grad_(False)
    found = [
        (name, layer)
        for name, layer in model.named_modules()
        if (match := LAYER.fullmatch(name)) and match[1] in TARGETS
    ]
    adapted = {}
    for name, layer in found:
        parent, _, own = name.rpartition(".")
        adapted[name] = Adapted(layer, options.rank, options.scale)
        setattr(model.get_submodule(parent), own, adapted[name])
    return adapted


def learn(
    model: Any,
    batches: list[dict[str, torch.Tensor]],
    adapted: dict[str, Adapted],
    options: Options,
) -> list[float]:
    """The loss of each step."""
    parameters = [one for layer in adapted.values() for one in (layer.down, layer.up)]
    optimizer = torch.optim.AdamW(parameters, lr=options.learning_rate, weight_decay=0.0)
    losses = []
    for step in range(options.steps):
        batch = {name: part.to(model.device) for name, part in batches[step % len(batches)].items()}
        labels = batch.pop("labels")
        logits = model(**batch).logits[:, :-1].float()
        loss = torch.nn.functional.cross_entropy(
            logits.reshape(-1, logits.shape[-1]), labels[:, 1:].reshape(-1), ignore_index=IGNORED
        )
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        losses.append(loss.item())
        print(f"step {step + 1}: {losses[-1]:.4f}", flush=True)  # noqa: T201
    return losses


def save(
    adapted: dict[str, Adapted],
    output: Path,
    checkpoint: Path,
    options: Options,
    facts: dict[str, Any],
) -> None:
    """As PEFT would: `adapter_model.safetensors`, `adapter_config.json`, and a card."""
    output.mkdir(parents=True, exist_ok=True)
    weights = {}
    for name, layer in adapted.items():
        for part, tensor in (("lora_A", layer.down), ("lora_B", layer.up)):
            weights[f"base_model.model.{name}.{part}.weight"] = (
                tensor.detach().to(torch.bfloat16).contiguous().cpu()
            )
    save_file(weights, output / "adapter_model.safetensors", metadata={"format": "pt"})
    config = {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": str(checkpoint),
        "r": options.rank,
        "lora_alpha": round(options.rank * options.scale),
        "lora_dropout": 0.0,
        "bias": "none",
        "target_modules": list(TARGETS),
        "modules_to_save": None,
        "use_rslora": False,
        "use_dora": False,
        "inference_mode": True,
        "fan_in_fan_out": False,
    }
    (output / "adapter_config.json").write_text(json.dumps(config, indent=1))
    (output / "training.json").write_text(json.dumps(facts, indent=1))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--set", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--template-sha256", default="", help="Refuse any other chat template.")
    parser.add_argument("--rank", type=int, default=8)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--learning-rate", type=float, default=2e-4)
    told = parser.parse_args()
    options = Options(rank=told.rank, steps=told.steps, learning_rate=told.learning_rate)
    torch.manual_seed(options.seed)
    processor = AutoProcessor.from_pretrained(told.checkpoint)
    template = hash_template(processor)
    if told.template_sha256 not in ("", template):
        raise TemplateMismatchError(f"The chat template is {template}, not {told.template_sha256}.")
    on_gpu = torch.cuda.is_available()
    model = Gemma4ForConditionalGeneration.from_pretrained(
        told.checkpoint,
        dtype=torch.bfloat16 if on_gpu else torch.float32,
        attn_implementation="eager",
    ).to("cuda" if on_gpu else "cpu")
    adapted = adapt(model, options)
    for layer in adapted.values():
        layer.to(model.device)
    batches = [encode(processor, row, told.set) for row in read_rows(told.set)]
    losses = learn(model, batches, adapted, options)
    facts = {"rows": len(batches), "template_sha256": template, "losses": [losses[0], losses[-1]]}
    save(adapted, told.output, told.checkpoint, options, facts)


if __name__ == "__main__":
    main()
