"""Write a LoRA adapter with random weights for the language layers of a checkpoint.

    python adapter.py OUT CHECKPOINT

Runs in vLLM's environment.
"""

import json
import re
import sys
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file

RANK = 8
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
LAYER = re.compile(r"model\.language_model\.layers\.\d+\.(?:self_attn|mlp)\.(\w+)\.weight")
CONFIG = {
    "peft_type": "LORA",
    "task_type": "CAUSAL_LM",
    "r": RANK,
    "lora_alpha": 2 * RANK,
    "lora_dropout": 0.0,
    "bias": "none",
    "target_modules": TARGETS,
    "modules_to_save": None,
    "use_rslora": False,
    "use_dora": False,
    "inference_mode": True,
    "fan_in_fan_out": False,
}


def main(out: Path, checkpoint: Path) -> None:
    torch.manual_seed(1)
    weights: dict[str, torch.Tensor] = {}
    with safe_open(checkpoint / "model.safetensors", "pt") as file:
        for name in file.keys():  # noqa: SIM118 - no mapping
            layer = LAYER.fullmatch(name)
            if layer is None or layer[1] not in TARGETS:
                continue
            rows, columns = file.get_slice(name).get_shape()
            prefix = f"base_model.model.{name.removesuffix('.weight')}"
            weights[f"{prefix}.lora_A.weight"] = torch.randn(RANK, columns) * 0.2
            weights[f"{prefix}.lora_B.weight"] = torch.randn(rows, RANK) * 0.2
    out.mkdir(parents=True, exist_ok=True)
    tensors = {name: tensor.to(torch.bfloat16) for name, tensor in weights.items()}
    save_file(tensors, out / "adapter_model.safetensors", metadata={"format": "pt"})
    config = {**CONFIG, "base_model_name_or_path": str(checkpoint)}
    (out / "adapter_config.json").write_text(json.dumps(config))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
