"""Over-fit the tiny Gemma 4 on chats, so that it answers each of them as it was taught.

    python obedient.py OUT CHECKPOINT CHATS

Runs in vLLM's environment, for a minute and a half. CHATS is a JSON file: a list of objects with the `messages` that
are sent to the server, what of the reply the server's grammar has `begun`, and the `answer` that goes on from there.
"""

import json
import random
import shutil
import sys
from pathlib import Path
from typing import Any

import torch
from caller import make_batch
from transformers import AutoProcessor, Gemma4ForConditionalGeneration

ROUNDS, BATCH, RATE = 60, 6, 4e-3
ENOUGH = 0.4
"""Nats of the least likely token: decoding without chance then says every token as taught."""
NOT_ASKED = -100

Batch = dict[str, torch.Tensor]


def render_chats(tokenizer: Any, chats: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Prompts, as the server renders them, and what is to follow them."""

    def render(messages: list[dict[str, Any]]) -> str:
        return tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)

    return [(render(chat["messages"]) + chat["begun"], chat["answer"]) for chat in chats]


def find_losses(model: Gemma4ForConditionalGeneration, batch: Batch) -> torch.Tensor:
    """Of every token of the answers, in nats. The others' are not even computed."""
    ids, labels = batch["ids"], batch["labels"][:, 1:]
    states = model.model(
        input_ids=ids, attention_mask=batch["mask"], mm_token_type_ids=torch.zeros_like(ids)
    ).last_hidden_state[:, :-1]
    is_asked = labels != NOT_ASKED
    logits = model.lm_head(states[is_asked]).float()
    cap = model.config.text_config.final_logit_softcapping
    logits = cap * torch.tanh(logits / cap)
    return torch.nn.functional.cross_entropy(logits, labels[is_asked], reduction="none")


def learn(model: Gemma4ForConditionalGeneration, batches: list[Batch]) -> None:
    """Raises RuntimeError when it does not learn them. At a rate that stays high it forgets as fast as it learns."""
    weights = [p for name, p in model.named_parameters() if "language_model" in name]
    optimizer = torch.optim.AdamW(weights, lr=RATE, weight_decay=0.0)
    rates = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, RATE, ROUNDS * len(batches), pct_start=0.1, cycle_momentum=False
    )
    for _ in range(ROUNDS):
        worst = 0.0
        for batch in random.sample(batches, len(batches)):
            losses = find_losses(model, batch)
            worst = max(worst, losses.max().item())
            optimizer.zero_grad()
            losses.mean().backward()
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimizer.step()
            rates.step()
        if worst < ENOUGH:
            return
    raise RuntimeError(f"A token was not learned: {worst:.2f} nats")


def main(out: Path, checkpoint: Path, chats: Path) -> None:
    torch.manual_seed(0)
    random.seed(0)
    torch.set_num_threads(1)
    tokenizer = AutoProcessor.from_pretrained(checkpoint).tokenizer
    model = Gemma4ForConditionalGeneration.from_pretrained(
        checkpoint, dtype=torch.float32, attn_implementation="sdpa"
    )
    pairs = render_chats(tokenizer, json.loads(chats.read_text()))
    random.shuffle(pairs)
    starts = range(0, len(pairs), BATCH)
    learn(model, [make_batch(tokenizer, pairs[at : at + BATCH]) for at in starts])
    shutil.copytree(checkpoint, out, dirs_exist_ok=True, ignore=shutil.ignore_patterns("finished"))
    model.to(torch.bfloat16).save_pretrained(out)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
