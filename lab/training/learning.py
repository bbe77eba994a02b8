"""Teaching one network: what it sees, how it is corrected, what is kept."""

import copy
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from lab.training.augmentation import Targets, augment, mix
from lab.training.measuring import family_accuracy, type_accuracy
from lab.training.network import GarmentNetwork
from lab.training.photos import UNKNOWN, Collection, Pictures
from wardrobe.vision.families import FAMILY_NAMES, TYPE_NAMES
from wardrobe.vision.preprocessing import INPUT_SIZE

Report = Callable[[str], Any]

SIZES = ((0.25, 80), (0.6, 104), (1.0, INPUT_SIZE))
"""Side of the pictures until a share of the training is done: small ones teach cheaply."""


@dataclass(frozen=True)
class TrainingOptions:
    epochs: int = 300
    minutes: float = 0.0
    """Per network; when given, the clock decides and not the epochs."""
    members: int = 2
    drawn: int = 4000
    """Rendered photos to learn from beside the real ones."""
    drawn_share: float = 0.2
    """Of every batch; `late_drawn_share` in the last tenth, when the types are set apart."""
    late_drawn_share: float = 0.45
    batch_size: int = 64
    learning_rate: float = 0.05
    weight_decay: float = 1e-3
    label_smoothing: float = 0.1
    mixup: float = 0.3
    ema_decay: float = 0.998
    seed: int = 20
    threads: int = 1


class Course:
    """How far a training has come, 0..1, by steps or by the clock."""

    def __init__(self, options: TrainingOptions, steps_per_epoch: int) -> None:
        self.steps = options.epochs * steps_per_epoch
        self.seconds = options.minutes * 60
        self.started = time.monotonic()
        self.step = 0

    @property
    def progress(self) -> float:
        if self.seconds:
            return min(1.0, (time.monotonic() - self.started) / self.seconds)
        return min(1.0, self.step / self.steps)

    @property
    def size(self) -> int:
        return next(size for end, size in SIZES if self.progress <= end)


def train_network(
    collection: Collection, options: TrainingOptions, *, checkpoint: Path, report: Report
) -> GarmentNetwork:
    """Train and return the averaged network. `checkpoint` always holds the latest average."""
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network = GarmentNetwork().to(device, memory_format=torch.channels_last)
    average: GarmentNetwork = copy.deepcopy(network).requires_grad_(False).eval()
    optimiser = torch.optim.SGD(
        parameter_groups(network, options.weight_decay),
        lr=options.learning_rate,
        momentum=0.9,
        nesterov=True,
    )
    sources = collection.training.to(device), collection.drawn.to(device)
    steps = len(collection.training) // options.batch_size
    course = Course(options, steps)
    while course.progress < 1:
        is_late = course.progress > 0.9
        share = options.late_drawn_share if is_late else options.drawn_share
        pixels, targets = draw_batch(*sources, options.batch_size, share)
        pictures, targets = mix(
            augment(pixels, course.size), targets, 0 if is_late else options.mixup
        )
        rate = options.learning_rate * warm_cosine(course.progress)
        train_step(network, optimiser, pictures, targets, rate, options)
        course.step += 1
        update_average(average, network, min(options.ema_decay, course.step / (course.step + 20)))
        if course.step % (10 * steps) == 0:
            save_checkpoint(average, checkpoint)
            report(describe_progress(average, collection, course, steps))
    save_checkpoint(average, checkpoint)
    report(describe_progress(average, collection, course, steps))
    average.cpu()
    return average


def describe_progress(
    network: GarmentNetwork, collection: Collection, course: Course, steps: int
) -> str:
    held_out = family_accuracy([network], collection.held_out)
    drawn = type_accuracy([network], collection.drawn_held_out)
    seconds = time.monotonic() - course.started
    return (
        f"epoch {course.step / steps:.0f}, {course.progress:.0%}, {seconds:.0f} s: "
        f"held out {held_out:.3f}, drawn {drawn:.3f}"
    )


def draw_batch(
    real: Pictures, drawn: Pictures, size: int, drawn_share: float
) -> tuple[Tensor, Targets]:
    """Pixels and targets. Rare families and types are drawn more often than they occur (1/√n)."""
    count = round(size * drawn_share)
    chosen = [
        (real, torch.multinomial(rarity(real.families), size - count, replacement=True)),
        (drawn, torch.multinomial(rarity(drawn.types), count, replacement=True)),
    ]
    return (
        torch.cat([source.pixels[index] for source, index in chosen]),
        join_targets([targets_of(source, index) for source, index in chosen]),
    )


def rarity(labels: Tensor) -> Tensor:
    return torch.bincount(labels).clamp(min=1).float().rsqrt()[labels]


def targets_of(pictures: Pictures, index: Tensor) -> Targets:
    """One family for each, and one type where it is known."""
    types = pictures.types[index]
    known = (types != UNKNOWN).float()[:, None]
    one_hot = functional.one_hot(types.clamp(min=0), len(TYPE_NAMES)).float()
    families = functional.one_hot(pictures.families[index], len(FAMILY_NAMES)).float()
    return families, one_hot * known


def join_targets(targets: list[Targets]) -> Targets:
    families, types = zip(*targets, strict=True)
    return torch.cat(families), torch.cat(types)


def train_step(
    network: GarmentNetwork,
    optimiser: Any,
    pictures: Tensor,
    targets: Targets,
    rate: float,
    options: TrainingOptions,
) -> None:
    network.train()
    for group in optimiser.param_groups:
        group["lr"] = rate
    with torch.autocast(pictures.device.type, torch.bfloat16):
        families, types, _ = network(pictures)
    loss = functional.cross_entropy(
        families.float(), targets[0], label_smoothing=options.label_smoothing
    )
    loss = loss + type_loss(types.float(), targets[1])
    optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    optimiser.step()


def type_loss(logits: Tensor, shares: Tensor) -> Tensor:
    """Cross-entropy over the share of the batch whose types are known."""
    return -(shares * functional.log_softmax(logits, 1)).sum() / len(logits)


def parameter_groups(network: GarmentNetwork, weight_decay: float) -> list[dict[str, Any]]:
    """Decay matrices and kernels, never biases and normalisation."""
    decayed = [p for p in network.parameters() if p.ndim > 1]
    free = [p for p in network.parameters() if p.ndim <= 1]
    return [
        {"params": decayed, "weight_decay": weight_decay},
        {"params": free, "weight_decay": 0.0},
    ]


def warm_cosine(progress: float) -> float:
    """Learning rate over its peak: a linear rise over 3 %, then a cosine fall to nothing."""
    if progress < 0.03:
        return 0.02 + 0.98 * progress / 0.03
    return 0.5 * (1 + math.cos(math.pi * (progress - 0.03) / 0.97)) + 1e-3


def update_average(average: GarmentNetwork, network: GarmentNetwork, decay: float) -> None:
    current = network.state_dict()
    with torch.no_grad():
        for name, value in average.state_dict().items():
            if value.dtype.is_floating_point:
                value.lerp_(current[name], 1 - decay)
            else:
                value.copy_(current[name])


def save_checkpoint(network: GarmentNetwork, path: Path) -> None:
    """Written beside and renamed: a reader never meets half a file."""
    temporary = path.with_suffix(".partial")
    torch.save(network.state_dict(), temporary)
    temporary.replace(path)
