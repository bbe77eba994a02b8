"""Heads and an adapter of the trunk's later stages learn together, from heads that were fitted to the trunk as it came."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from lab.training.heads.ending import Ending
from lab.training.heads.learning import FOLDS, Lesson, Standard, Task, fit_tasks
from lab.training.heads.regression import LEAST
from lab.training.heads.squares import FROZEN, Beginnings
from wardrobe.vision.heads import FARTHEST
from wardrobe.vision.trunk.graph import Adapter
from wardrobe.vision.trunk.sessions import FEATURES, find_weights
from wardrobe.vision.trunk.tensors import read_tensors

Array = NDArray[np.float32]
Rows = NDArray[np.intp]
Report = Callable[[str], object]

EPOCHS, BATCH = 6, 48
SPEED, SLOWER = 1e-3, 0.1
"""Of the adapter, and how much slower heads learn, which begin where they fit."""
WARMING = 0.15
"""The share of all steps in which the speed grows; from then on it falls (Smith and Topin, arXiv:1708.07120)."""
DROPPED = 0.2
"""Of the trunk's answers, in each step."""
DECAY = 0.05
STEEPEST = 5.0
MEMORY = 0.985
"""What is kept is a moving average over the steps."""
AT_ONCE = 64
HAS_HALVES = torch.backends.cpu.get_cpu_capability().startswith("AVX512")
"""Whether the processor multiplies 16-bit floats; others take more than ten times as long for them."""


@dataclass(frozen=True)
class Tuned:
    adapter: Adapter
    heads: dict[str, Array]
    """Coefficients by field."""
    rates: dict[str, Array]
    """(rows, words) by field, of the rows that were apart."""


class Pupil(nn.Module):  # type: ignore[misc,unused-ignore]
    """The adapted trunk with its heads."""

    def __init__(
        self, lesson: Lesson, tasks: Sequence[Task], standard: Standard, start: Mapping[str, Array]
    ) -> None:
        super().__init__()
        self.tasks = tasks
        self.ending = Ending(read_tensors(find_weights()), FROZEN)
        self.heads = nn.ParameterList(torch.from_numpy(start[task.field.name]) for task in tasks)
        self.means, self.deviations = (
            torch.from_numpy(part[:FEATURES]) for part in (standard.means, standard.deviations)
        )
        self.cloth = torch.from_numpy(standard(lesson.answers())[:, FEATURES:])
        self.dropout = nn.Dropout(DROPPED)

    def forward(self, look: Beginnings, rows: Rows) -> dict[str, Tensor]:
        """Logarithms of rates (rows, words) by field."""
        maps, pooled = (
            torch.from_numpy(part[rows].astype(np.float32)) for part in (look.maps, look.pooled)
        )
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.training and HAS_HALVES):
            seen = self.ending(maps.contiguous(memory_format=torch.channels_last), pooled)
        standard = ((seen.float() - self.means) / self.deviations).clamp(-FARTHEST, FARTHEST)
        standard = self.dropout(standard)
        both = torch.cat([standard, self.cloth[rows]], dim=1)
        return {
            task.field.name: self.tell(task, head, both, rows)
            for task, head in zip(self.tasks, self.heads, strict=True)
        }

    def tell(self, task: Task, coefficients: Tensor, answers: Tensor, rows: Rows) -> Tensor:
        logits = answers[:, : len(coefficients) - 1] @ coefficients[:-1] + coefficients[-1]
        if task.measured is not None:
            logits = logits + torch.from_numpy(task.measured[rows])
        return torch.log_softmax(logits, dim=1)

    def count_loss(self, told: Mapping[str, Tensor], rows: Rows, learned: int) -> Tensor:
        """As `fit_softmax` counts it, a row."""
        loss = torch.zeros(())
        for task, head in zip(self.tasks, self.heads, strict=True):
            accepted = torch.from_numpy(task.known[rows])
            likely = (told[task.field.name].exp() * accepted).sum(dim=1)
            asked = accepted.sum(dim=1) > 0
            weights = torch.from_numpy(task.weights[rows])
            loss = loss - (weights * torch.log(likely + LEAST))[asked].sum() / len(rows)
            loss = loss + task.field.decay / 2 * head[:-1].square().sum() / (2 * learned)
        return loss


def cross_validate(
    lesson: Lesson,
    looks: Sequence[Beginnings],
    tasks: Sequence[Task],
    *,
    seed: int,
    report: Report,
) -> dict[str, Array]:
    """Rates (n, words) by field, each row's from a trunk and heads that saw neither it nor its like."""
    folds = lesson.folds(seed)
    rates = {task.field.name: np.zeros_like(task.known) for task in tasks}
    for fold in range(FOLDS):
        report(f"fold {fold + 1} of {FOLDS}")
        apart = np.flatnonzero(folds == fold)
        _, tuned = learn(
            lesson,
            looks,
            tasks,
            learned=np.flatnonzero(folds != fold),
            apart=apart,
            seed=seed,
            report=report,
        )
        for name, told in tuned.rates.items():
            rates[name][apart] = told
    return rates


def learn(
    lesson: Lesson,
    looks: Sequence[Beginnings],
    tasks: Sequence[Task],
    *,
    learned: Rows,
    apart: Rows,
    seed: int,
    report: Report,
) -> tuple[Standard, Tuned]:
    """The rows `learned` teach, in all looks; the rows `apart` are rated as they are."""
    standard, start = fit_tasks(lesson, tasks, learned)
    torch.manual_seed(seed)
    pupil = Pupil(lesson, tasks, standard, start)
    kept = teach(pupil, looks, learned, np.random.default_rng(seed), report=report)
    heads = {
        task.field.name: np.array(head.detach())
        for task, head in zip(tasks, kept.heads, strict=True)
    }
    return standard, Tuned(kept.ending.take_adapter(), heads, rate_rows(kept, looks[0], apart))


def teach(
    pupil: Pupil,
    looks: Sequence[Beginnings],
    learned: Rows,
    rng: np.random.Generator,
    *,
    report: Report,
) -> Pupil:
    """By AdamW; what comes back is the average of its last steps."""
    adapter, heads = list(pupil.ending.parameters()), list(pupil.heads.parameters())
    optimizer = torch.optim.AdamW(
        [{"params": adapter, "weight_decay": DECAY}, {"params": heads, "weight_decay": 0.0}],
        lr=SPEED,
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        [SPEED, SPEED * SLOWER],
        total_steps=EPOCHS * (len(learned) // BATCH) + 1,
        pct_start=WARMING,
    )
    average = AveragedModel(pupil, multi_avg_fn=get_ema_multi_avg_fn(MEMORY))
    pupil.train()
    for epoch in range(EPOCHS):
        order = rng.permutation(learned)
        for begin in range(0, len(order) - BATCH + 1, BATCH):
            rows = np.sort(order[begin : begin + BATCH])
            told = pupil(looks[int(rng.integers(len(looks)))], rows)
            optimizer.zero_grad()
            pupil.count_loss(told, rows, len(learned)).backward()
            nn.utils.clip_grad_norm_(adapter, STEEPEST)
            optimizer.step()
            schedule.step()
            average.update_parameters(pupil)
        report(f"epoch {epoch + 1} of {EPOCHS}")
    kept: Pupil = average.module
    kept.eval()
    return kept


def rate_rows(pupil: Pupil, look: Beginnings, rows: Rows) -> dict[str, Array]:
    """(rows, words) by field."""
    rates = {
        task.field.name: np.zeros((len(rows), task.known.shape[1]), np.float32)
        for task in pupil.tasks
    }
    for begin in range(0, len(rows), AT_ONCE):
        some = slice(begin, begin + AT_ONCE)
        with torch.inference_mode():
            told = pupil(look, rows[some])
        for name, logarithms in told.items():
            rates[name][some] = logarithms.exp().numpy()
    return rates
