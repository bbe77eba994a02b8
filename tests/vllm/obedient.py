"""Over-fit the tiny Gemma 4 on chats, so that it answers each of them as it was taught.

    python obedient.py OUT CHECKPOINT CHATS

Runs in vLLM's environment, for half a minute. CHATS is a JSON file: a list of objects with the `messages` that are sent
to the server, and the `answer` to them.
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

ROUNDS, BATCH, RATE, SEEDS = 150, 6, 4e-3, 3
ENOUGH = 0.5
"""Nats of the least likely token, which is 0.6: decoding without chance then says every token as taught."""
NOT_ASKED = -100

Batch = dict[str, torch.Tensor]


def render_chats(tokenizer: Any, chats: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Prompts, as the server renders them, and what is to follow them."""

    def render(messages: list[dict[str, Any]]) -> str:
        return tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)

    return [(render(chat["messages"]), chat["answer"]) for chat in chats]


def find_losses(
    model: Gemma4ForConditionalGeneration, batch: Batch
) -> tuple[torch.Tensor, torch.Tensor]:
    """Nats of every token of the answers, and their mean, in which each chat weighs the same.

    Else the few tokens of a short answer would be learned last. What is not asked is not computed.
    """
    ids, labels = batch["ids"], batch["labels"][:, 1:]
    states = model.model(
        input_ids=ids, attention_mask=batch["mask"], mm_token_type_ids=torch.zeros_like(ids)
    ).last_hidden_state[:, :-1]
    is_asked = labels != NOT_ASKED
    logits = model.lm_head(states[is_asked]).float()
    cap = model.config.text_config.final_logit_softcapping
    logits = cap * torch.tanh(logits / cap)
    losses = torch.nn.functional.cross_entropy(logits, labels[is_asked], reduction="none")
    lengths = is_asked.sum(dim=1, keepdim=True).expand_as(labels)[is_asked]
    return losses, (losses / lengths).sum() / len(ids)


def learn(model: Gemma4ForConditionalGeneration, batches: list[Batch]) -> bool:
    """Whether every token was learned. At a rate that stays high it forgets as fast as it learns."""
    weights = [p for name, p in model.named_parameters() if "language_model" in name]
    optimizer = torch.optim.AdamW(weights, lr=RATE, weight_decay=0.0)
    rates = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, RATE, ROUNDS * len(batches), pct_start=0.1, cycle_momentum=False
    )
    for _ in range(ROUNDS):
        worst = 0.0
        for batch in random.sample(batches, len(batches)):
            losses, mean = find_losses(model, batch)
            worst = max(worst, losses.max().item())
            optimizer.zero_grad()
            mean.backward()
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimizer.step()
            rates.step()
        if worst < ENOUGH:
            return True
    return False


def teach(checkpoint: Path, chats: list[dict[str, Any]]) -> Gemma4ForConditionalGeneration:
    """Raises RuntimeError when in no order of the chats all are learned."""
    tokenizer = AutoProcessor.from_pretrained(checkpoint).tokenizer
    pairs = render_chats(tokenizer, chats)
    for seed in range(SEEDS):
        random.seed(seed)
        random.shuffle(pairs)
        model = Gemma4ForConditionalGeneration.from_pretrained(
            checkpoint, dtype=torch.float32, attn_implementation="sdpa"
        )
        starts = range(0, len(pairs), BATCH)
        if learn(model, [make_batch(tokenizer, pairs[at : at + BATCH]) for at in starts]):
            return model
    raise RuntimeError("The chats were not learned")


def main(out: Path, checkpoint: Path, chats: Path) -> None:
    torch.set_num_threads(1)
    model = teach(checkpoint, json.loads(chats.read_text()))
    shutil.copytree(checkpoint, out, dirs_exist_ok=True, ignore=shutil.ignore_patterns("finished"))
    model.to(torch.bfloat16).save_pretrained(out)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
