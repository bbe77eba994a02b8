"""A LoRA adapter for Gemma 4, from an exported training set, with PEFT.

    python lab/training/lora.py --checkpoint DIR --set DIR --output DIR [--steps 200]

Needs torch, transformers, peft and Pillow (requirements-lora.txt) and nothing of Dresscode. Rows are prompt and
completion; only the completion is learned, and that is asserted of every row. TRL's trainer is not used: labels are made
here, so that those of every row can be asserted. Serve the adapter with the chat template that it was trained with: its
SHA-256 goes into the card. Only projections of the language layers get an adapter, as vLLM loads them.
"""

import argparse
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from PIL import Image
from transformers import AutoProcessor, Gemma4ForConditionalGeneration

LAYERS = (
    r"model\.language_model\.layers\.\d+\."
    r"(?:self_attn\.[qkvo]_proj|mlp\.(?:gate|up|down)_proj)"
)
"""Which layers get an adapter, by their whole names: vLLM loads none beside the layers that see."""
ALPHA = 2
"""`lora_alpha` is so many times the rank."""
TURN_ENDS = "<turn|>"
IGNORED = -100
"""The label of a token that is not learned (torch.nn.functional.cross_entropy)."""


class TemplateMismatchError(ValueError):
    """The chat template is not the one that was pinned."""


class LabelsError(ValueError):
    """What would be learned is not exactly the completion."""


@dataclass(frozen=True)
class Options:
    checkpoint: Path
    rank: int = 8
    steps: int = 200
    learning_rate: float = 2e-4
    seed: int = 1


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


def adapt(model: Any, options: Options) -> PeftModel:
    """An adapter beside every projection of the language layers; all else is frozen."""
    config = LoraConfig(
        r=options.rank,
        lora_alpha=ALPHA * options.rank,
        target_modules=LAYERS,
        base_model_name_or_path=str(options.checkpoint),
        task_type="CAUSAL_LM",
    )
    return get_peft_model(model, config)


def learn(
    model: PeftModel, batches: list[dict[str, torch.Tensor]], options: Options
) -> list[float]:
    """The loss of each step."""
    parameters = [one for one in model.parameters() if one.requires_grad]
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
    options = Options(
        checkpoint=told.checkpoint,
        rank=told.rank,
        steps=told.steps,
        learning_rate=told.learning_rate,
    )
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
    batches = [encode(processor, row, told.set) for row in read_rows(told.set)]
    losses = learn(adapted, batches, options)
    facts = {"rows": len(batches), "template_sha256": template, "losses": [losses[0], losses[-1]]}
    adapted.save_pretrained(told.output)
    (told.output / "training.json").write_text(json.dumps(facts, indent=1))


if __name__ == "__main__":
    main()
