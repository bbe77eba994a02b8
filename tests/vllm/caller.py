"""Over-fit the tiny Gemma 4 on a few chats, so that unforced it calls a tool as Gemma does, and then speaks.

    python caller.py OUT CHECKPOINT

Runs in vLLM's environment, for half a minute.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import torch
from transformers import AutoProcessor, Gemma4ForConditionalGeneration

STEPS, ENOUGH = 250, 0.003
SYSTEM = "You are a stylist."
QUESTION = "What should I wear in {city} on {day}?"
ASKED = [("Paris", "2026-03-01"), ("Oslo", "2026-12-10"), ("Rome", "2026-07-08")]
ADVICE = {4: "Wear a wool coat and ankle boots.", 28: "Wear a linen shirt and canvas sneakers."}
CALLING = ["<|tool_call>", "<tool_call|>", '<|"|>', "<|tool_response>"]
TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Weather forecast for a place and day",
        "parameters": {
            "type": "object",
            "title": "Place",
            "properties": {
                "location": {"type": "string", "title": "Location"},
                "date": {"type": "string", "title": "Date"},
            },
            "required": ["location", "date"],
        },
    },
}


def make_chats(tokenizer: Any) -> list[tuple[str, str]]:
    """Prompts and what is to follow them: a call for each city, advice for each temperature."""

    def render(messages: list[dict[str, Any]]) -> str:
        return tokenizer.apply_chat_template(
            messages, tools=[TOOL], tokenize=False, add_generation_prompt=True
        )

    chats = []
    for city, day in ASKED:
        question = QUESTION.format(city=city, day=day)
        opening = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": question}]
        call = f'<|tool_call>call:get_weather{{date:<|"|>{day}<|"|>,location:<|"|>{city}<|"|>}}<tool_call|>'
        chats.append((render(opening), call + "<|tool_response>"))
        function = {"name": "get_weather", "arguments": {"location": city, "date": day}}
        made = {"id": "c1", "type": "function", "function": function}
        asked = {"role": "assistant", "content": None, "tool_calls": [made]}
        for degrees, advice in ADVICE.items():
            content = json.dumps({"temp_c": degrees})
            told = {"role": "tool", "tool_call_id": "c1", "content": content}
            chats.append((render([*opening, asked, told]), advice + "<turn|>"))
    return chats


def make_batch(tokenizer: Any, chats: list[tuple[str, str]]) -> dict[str, torch.Tensor]:
    """Token ids (chats, longest), what is to be learned of them, and which are there."""
    pairs = [[encode(tokenizer, text) for text in chat] for chat in chats]
    longest = max(len(prompt) + len(answer) for prompt, answer in pairs)
    ids = torch.zeros(len(pairs), longest, dtype=torch.long)
    labels, mask = torch.full_like(ids, -100), torch.zeros_like(ids)
    for row, (prompt, answer) in enumerate(pairs):
        end = len(prompt) + len(answer)
        ids[row, :end] = torch.tensor(prompt + answer)
        labels[row, len(prompt) : end] = torch.tensor(answer)
        mask[row, :end] = 1
    return {"ids": ids, "labels": labels, "mask": mask}


def encode(tokenizer: Any, text: str) -> list[int]:
    return tokenizer(text, add_special_tokens=False)["input_ids"]


def learn(model: Gemma4ForConditionalGeneration, batch: dict[str, torch.Tensor]) -> None:
    weights = [p for name, p in model.named_parameters() if "language_model" in name]
    optimizer = torch.optim.AdamW(weights, lr=3e-3, weight_decay=0.0)
    ids = batch["ids"]
    for _ in range(STEPS):
        output = model(
            input_ids=ids,
            attention_mask=batch["mask"],
            mm_token_type_ids=torch.zeros_like(ids),
        )
        logits = output.logits[:, :-1].flatten(0, 1).float()
        loss = torch.nn.functional.cross_entropy(logits, batch["labels"][:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        if loss.item() < ENOUGH:
            return


def main(out: Path, checkpoint: Path) -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    tokenizer = AutoProcessor.from_pretrained(checkpoint).tokenizer
    model = Gemma4ForConditionalGeneration.from_pretrained(
        checkpoint, dtype=torch.float32, attn_implementation="eager"
    )
    learn(model, make_batch(tokenizer, make_chats(tokenizer)))
    shutil.copytree(checkpoint, out, dirs_exist_ok=True, ignore=shutil.ignore_patterns("finished"))
    calling = tokenizer.convert_tokens_to_ids(CALLING)
    settings = model.generation_config
    settings.eos_token_id = sorted({*settings.eos_token_id, calling[-1]})
    settings.suppress_tokens = [i for i in settings.suppress_tokens if i not in calling]
    model.config.eos_token_id = settings.eos_token_id
    model.to(torch.bfloat16).save_pretrained(out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
