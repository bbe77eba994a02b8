"""Training the garment-type network from labelled photos. Needs requirements-training.txt.

Photos lie in `<folder>/train/<type>/` and `<folder>/validation/<type>/`. A tenth of the training
photos, chosen by the hash of their names, is held out to calibrate confidence; the validation
photos are looked at once, at the end.
"""

import copy
import hashlib
import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn import functional

from wardrobe.vision.model_card import Measurement, render_model_card
from wardrobe.vision.network import GarmentNetwork
from wardrobe.vision.preprocessing import INPUT_SIZE, fit_square

CACHED_SIZE = 160
"""Photos are kept a little larger than the input, so that zooming in stays sharp."""

CHECKPOINT = "garment_type.pt"
WEIGHTS = "garment_type.onnx"

Report = Callable[[str], Any]


@dataclass(frozen=True)
class TrainingOptions:
    epochs: int = 140
    small_share: float = 0.57
    """The share of epochs, first of all, that reads smaller pictures, at half the cost."""
    small_size: int = 96
    batch_size: int = 64
    learning_rate: float = 0.05
    weight_decay: float = 1e-3
    label_smoothing: float = 0.1
    mixup: float = 0.3
    ema_decay: float = 0.998
    seed: int = 20
    threads: int = 1


@dataclass(frozen=True)
class Photos:
    pictures: Tensor
    """uint8, (N, 3, side, side)"""
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Collection:
    types: list[str]
    training: Photos
    calibration: Photos
    validation: Photos


def train(photos: Path, output: Path, options: TrainingOptions, *, report: Report) -> None:
    """Train on `photos`; leave weights, checkpoint and model card in the folder `output`.

    Raises FileNotFoundError when `photos` has no photos.
    """
    output.mkdir(parents=True, exist_ok=True)
    collection = read_collection(photos)
    report(f"{len(collection.training)} photos to learn from, {len(collection.types)} types")
    network = train_network(collection, options, checkpoint=output / CHECKPOINT, report=report)
    publish_network(network, collection, output, options, report=report)


def publish_network(
    network: GarmentNetwork,
    collection: Collection,
    output: Path,
    options: TrainingOptions,
    *,
    report: Report,
) -> None:
    """Calibrate, measure, export, and write the model card."""
    temperature = fit_temperature(network, collection.calibration)
    export_network(network, collection.types, temperature, output / WEIGHTS)
    card = render_model_card(
        types=collection.types,
        learned_from=len(collection.training),
        calibration=measure_network(network, collection.calibration, collection.types, temperature),
        validation=measure_network(network, collection.validation, collection.types, temperature),
        temperature=temperature,
        options=asdict(options),
        sha256=hashlib.sha256((output / WEIGHTS).read_bytes()).hexdigest(),
    )
    (output / "README.md").write_text(card)
    report(card)


def read_collection(folder: Path) -> Collection:
    """Raises FileNotFoundError when `folder` has no train/ and validation/ photos."""
    types = sorted(path.name for path in (folder / "train").iterdir() if path.is_dir())
    files = list_files(folder / "train", types)
    held_out = [file for file in files if is_held_out(file[0])]
    kept = [file for file in files if not is_held_out(file[0])]
    return Collection(
        types=types,
        training=read_photos(kept, CACHED_SIZE),
        calibration=read_photos(held_out, INPUT_SIZE),
        validation=read_photos(list_files(folder / "validation", types), INPUT_SIZE),
    )


def list_files(folder: Path, types: list[str]) -> list[tuple[Path, int]]:
    files = [
        (path, label) for label, name in enumerate(types) for path in (folder / name).glob("*.jpg")
    ]
    if not files:
        raise FileNotFoundError(f"No photos in {folder}/<type>/*.jpg")
    return sorted(files)


def is_held_out(path: Path) -> bool:
    """One photo in ten, the same ones wherever and whenever training runs."""
    return hashlib.sha256(path.name.encode()).digest()[0] % 10 == 0


def read_photos(files: list[tuple[Path, int]], size: int) -> Photos:
    squares = np.stack([read_square(path, size) for path, _ in files])
    pictures = torch.from_numpy(np.ascontiguousarray(squares.transpose(0, 3, 1, 2)))
    return Photos(pictures, torch.tensor([label for _, label in files]))


def read_square(path: Path, size: int) -> NDArray[np.uint8]:
    with Image.open(path) as image:
        return fit_square(image, size)


def train_network(
    collection: Collection,
    options: TrainingOptions,
    *,
    checkpoint: Path,
    report: Report,
) -> GarmentNetwork:
    """Train and return the averaged network. `checkpoint` always holds the latest average."""
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    network = GarmentNetwork(len(collection.types))
    network.to(memory_format=torch.channels_last)
    average: GarmentNetwork = copy.deepcopy(network).requires_grad_(False).eval()
    optimiser = torch.optim.SGD(
        parameter_groups(network, options.weight_decay),
        lr=options.learning_rate,
        momentum=0.9,
        nesterov=True,
    )
    steps = len(collection.training) // options.batch_size
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: warm_cosine(step / (steps * options.epochs))
    )
    step = 0
    for epoch in range(options.epochs):
        started, losses = time.monotonic(), 0.0
        for pictures, targets in training_batches(collection, epoch, options):
            losses += train_step(network, optimiser, pictures, targets, options)
            schedule.step()
            step += 1
            update_average(average, network, min(options.ema_decay, step / (step + 20)))
        if epoch % 5 == 4 or epoch == options.epochs - 1:
            save_checkpoint(average, collection.types, checkpoint)
            held = accuracy(average, collection.calibration)
            seconds = time.monotonic() - started
            report(
                f"epoch {epoch + 1}/{options.epochs}: loss {losses / steps:.3f}, "
                f"held out {held:.3f}, {seconds:.0f} s"
            )
    return average


def parameter_groups(network: GarmentNetwork, weight_decay: float) -> list[dict[str, Any]]:
    """Decay matrices and kernels, never biases and normalisation."""
    decayed = [p for p in network.parameters() if p.ndim > 1]
    free = [p for p in network.parameters() if p.ndim <= 1]
    return [
        {"params": decayed, "weight_decay": weight_decay},
        {"params": free, "weight_decay": 0.0},
    ]


def warm_cosine(progress: float) -> float:
    """Learning rate over its peak: a linear rise over 5 %, then a cosine fall to nothing."""
    if progress < 0.05:
        return 0.02 + 0.98 * progress / 0.05
    return 0.5 * (1 + math.cos(math.pi * (progress - 0.05) / 0.95)) + 1e-3


def training_batches(
    collection: Collection, epoch: int, options: TrainingOptions
) -> Iterator[tuple[Tensor, Tensor]]:
    """Augmented pictures and soft targets. Rare types are drawn more often (1/√n)."""
    size = options.small_size if epoch < options.small_share * options.epochs else INPUT_SIZE
    mixup = options.mixup if epoch < 0.9 * options.epochs else 0.0
    photos = collection.training
    counts = torch.bincount(photos.labels).float()
    weights = counts.rsqrt()[photos.labels]
    steps = len(photos) // options.batch_size
    order = torch.multinomial(weights, steps * options.batch_size, replacement=True)
    for chosen in order.split(options.batch_size):
        pictures = augment(photos.pictures[chosen], size)
        targets = functional.one_hot(photos.labels[chosen], len(counts)).float()
        yield mix(pictures, targets, mixup)


def augment(pictures: Tensor, size: int) -> Tensor:
    """Turn, scale, shift, flip, relight and hide parts of uint8 pictures; floats as served."""
    floats = (pictures.float() - 127.5) / 64.0
    grid = functional.affine_grid(
        random_transforms(len(pictures)),
        [len(pictures), 3, size, size],
        align_corners=False,
    )
    moved = functional.grid_sample(floats, grid, align_corners=False)
    return hide_patches(relight(moved)).contiguous(memory_format=torch.channels_last)


def random_transforms(count: int) -> Tensor:
    """(count, 2, 3) affine maps: turns of about 15°, one in ten of any angle."""
    angle = torch.randn(count) * math.radians(12)
    anywhere = torch.rand(count) < 0.1
    angle = torch.where(anywhere, torch.rand(count) * 2 * math.pi, angle)
    zoom = torch.empty(count).uniform_(0.65, 1.15)
    stretch = torch.exp(torch.randn(count) * 0.1)
    flip = torch.where(torch.rand(count) < 0.5, -1.0, 1.0)
    shift = (torch.rand(2, count) - 0.5) * 0.3
    cos, sin = angle.cos() * zoom, angle.sin() * zoom
    rows = [
        cos * flip * stretch,
        -sin / stretch,
        shift[0],
        sin * flip * stretch,
        cos / stretch,
    ]
    return torch.stack([*rows, shift[1]], 1).view(count, 2, 3)


def relight(pictures: Tensor) -> Tensor:
    """Random contrast, brightness, white balance and, for one in ten, grey."""
    count = len(pictures)
    grey = pictures.mean(1, keepdim=True).expand_as(pictures)
    pictures = torch.where(torch.rand(count, 1, 1, 1) < 0.1, grey, pictures)
    gain = torch.exp(torch.randn(count, 1, 1, 1) * 0.2 + torch.randn(count, 3, 1, 1) * 0.06)
    return pictures * gain + torch.randn(count, 1, 1, 1) * 0.2


def hide_patches(pictures: Tensor) -> Tensor:
    """Random erasing (Zhong et al. 2020): a grey patch on every third picture."""
    size = pictures.shape[-1]
    side = torch.empty(len(pictures), 2).uniform_(0.1, 0.35) * size
    centre = torch.rand(len(pictures), 2) * size
    line = torch.arange(size).float()
    inside = (line - centre[:, :, None]).abs() < side[:, :, None] / 2
    patch = inside[:, 0, :, None] & inside[:, 1, None, :]
    patch &= torch.rand(len(pictures), 1, 1) < 0.33
    return pictures.masked_fill(patch[:, None], 0.0)


def mix(pictures: Tensor, targets: Tensor, strength: float) -> tuple[Tensor, Tensor]:
    """Mixup (Zhang et al. 2018), one ratio per batch."""
    if not strength:
        return pictures, targets
    ratio = float(torch.distributions.Beta(strength, strength).sample())
    other = torch.randperm(len(pictures))
    return pictures.lerp(pictures[other], ratio), targets.lerp(targets[other], ratio)


def train_step(
    network: GarmentNetwork,
    optimiser: Any,
    pictures: Tensor,
    targets: Tensor,
    options: Any,
) -> float:
    network.train()
    with torch.autocast("cpu", torch.bfloat16):
        logits, _ = network(pictures)
    loss = functional.cross_entropy(
        logits.float(), targets, label_smoothing=options.label_smoothing
    )
    optimiser.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    optimiser.step()
    return float(loss.detach())


def update_average(average: GarmentNetwork, network: GarmentNetwork, decay: float) -> None:
    current = network.state_dict()
    with torch.no_grad():
        for name, value in average.state_dict().items():
            if value.dtype.is_floating_point:
                value.lerp_(current[name], 1 - decay)
            else:
                value.copy_(current[name])


def predict(network: GarmentNetwork, photos: Photos) -> Tensor:
    """Logits, averaged over each picture and its mirror image, as served."""
    network.eval()
    floats = (photos.pictures.float() - 127.5) / 64.0
    with torch.no_grad():
        return torch.cat(
            [(network(batch)[0] + network(batch.flip(3))[0]) / 2 for batch in floats.split(64)]
        )


def accuracy(network: GarmentNetwork, photos: Photos) -> float:
    return float((predict(network, photos).argmax(1) == photos.labels).float().mean())


def fit_temperature(network: GarmentNetwork, photos: Photos) -> float:
    """The divisor of the logits that makes confidence honest (Guo et al. 2017), by search."""
    logits = predict(network, photos)
    candidates = torch.linspace(0.3, 3.0, 271)
    losses = torch.stack(
        [functional.cross_entropy(logits / value, photos.labels) for value in candidates]
    )
    return round(float(candidates[losses.argmin()]), 2)


def calibration_error(probabilities: Tensor, labels: Tensor, bins: int = 10) -> float:
    """Expected calibration error: how far confidence is from accuracy, weighted by bin."""
    confidence, predicted = probabilities.max(1)
    right = (predicted == labels).float()
    which = (confidence * bins).long().clamp(max=bins - 1)
    gaps = [(confidence[which == b].sum() - right[which == b].sum()).abs() for b in range(bins)]
    return float(torch.stack(gaps).sum() / len(labels))


def measure_network(
    network: GarmentNetwork, photos: Photos, types: list[str], temperature: float
) -> Measurement:
    """Figures for the model card."""
    probabilities = (predict(network, photos) / temperature).softmax(1)
    predicted = probabilities.argmax(1)
    right = (predicted == photos.labels).float()
    confusion = torch.zeros(len(types), len(types), dtype=torch.long)
    for truth, guess in zip(photos.labels, predicted, strict=True):
        confusion[truth, guess] += 1
    return Measurement(
        photos=len(photos),
        accuracy=float(right.mean()),
        calibration_error=calibration_error(probabilities, photos.labels),
        confusion=confusion.tolist(),
    )


def save_checkpoint(network: GarmentNetwork, types: list[str], path: Path) -> None:
    """Written beside and renamed: a reader never meets half a file."""
    temporary = path.with_suffix(".partial")
    torch.save({"types": types, "weights": network.state_dict()}, temporary)
    temporary.replace(path)


def export_network(
    network: GarmentNetwork, types: list[str], temperature: float, path: Path
) -> None:
    """One ONNX file with the weights, the type names and the temperature inside."""
    import onnx

    example = torch.zeros(2, 3, INPUT_SIZE, INPUT_SIZE)
    torch.onnx.export(
        copy.deepcopy(network).eval().to(memory_format=torch.contiguous_format),
        (example,),
        str(path),
        input_names=["pictures"],
        output_names=["logits", "embedding"],
        dynamic_axes={name: {0: "count"} for name in ("pictures", "logits", "embedding")},
        opset_version=17,
        dynamo=False,
    )
    model = onnx.load(str(path))
    onnx.helper.set_model_props(
        model, {"types": json.dumps(types), "temperature": str(temperature)}
    )
    onnx.save(model, str(path))
