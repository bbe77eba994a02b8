"""The model card beside the weights: where they come from and how good they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Template
from typing import Any

CARD = Template("""# Garment types: model card

`garment_type.onnx` names the type of the garment in a picture and gives a vector for finding similar photos.

- **Classes**: $types. The class `outwear` is served as the type `jacket`.
- **Input** `pictures`: float32 (N, 3, 128, 128), sRGB, fitted into a grey square, (byte − 127.5) / 64.
- **Output** `logits` (N, classes), to be divided by the temperature; `embedding` (N, 128), unit vectors.
- **Network**: residual, with squeeze and excitation, 1.2 million weights, trained from scratch. See `../network.py`.
- **Data**: $learned_from photos of the clothing dataset (smartphone photos by 32 contributors, licence CC0), one garment a
  photo. One more tenth of its training part was held out for calibration; its validation part served no choice about
  the network and was measured at the end.
- **Command**: `manage.py train_vision --photos DIR` with `requirements-training.txt`; about 35 minutes on one core.
  bfloat16 makes runs differ a little between machines.
- **Options**: $options.
- **Weights**: released under CC0, like the photos. SHA-256 `$sha256`.
- **To publish new ones**: copy weights and this card from the output folder to `wardrobe/vision/weights/`, and put the
  digest into `VisionParameters.weights_sha256`. Prompt versions that name the old digest then refuse to run here.

## Figures

| | photos | accuracy | calibration error |
|---|---|---|---|
| held out for calibration | $calibration_photos | $calibration_accuracy | $calibration_error |
| validation | $validation_photos | $validation_accuracy | $validation_error |

Accuracy averages each picture and its mirror image. The temperature, $temperature, was fitted on the photos held out;
calibration error is the expected one over ten bins of confidence.

## Validation by type

| type | photos | accuracy | mostly taken for |
|---|---|---|---|
$rows

## Limits

Photos of one garment on one background, most of them laid flat or hung up. Worn clothes, children's clothes beside
adults', and types outside the list (socks, bags, underwear, suits) were not seen in training and are given the nearest class.
""")


@dataclass(frozen=True)
class Measurement:
    photos: int
    accuracy: float
    calibration_error: float
    confusion: list[list[int]]
    """Rows are the true types, columns the named ones."""


def render_model_card(
    *,
    types: list[str],
    learned_from: int,
    calibration: Measurement,
    validation: Measurement,
    temperature: float,
    options: Mapping[str, Any],
    sha256: str,
) -> str:
    return CARD.substitute(
        types=", ".join(types),
        learned_from=learned_from,
        options=", ".join(f"{name} {value}" for name, value in options.items()),
        sha256=sha256,
        temperature=temperature,
        calibration_photos=calibration.photos,
        calibration_accuracy=f"{calibration.accuracy:.1%}",
        calibration_error=f"{calibration.calibration_error:.3f}",
        validation_photos=validation.photos,
        validation_accuracy=f"{validation.accuracy:.1%}",
        validation_error=f"{validation.calibration_error:.3f}",
        rows="\n".join(
            render_row(label, types, counts) for label, counts in enumerate(validation.confusion)
        ),
    )


def render_row(label: int, types: list[str], counts: list[int]) -> str:
    """A type's accuracy and the two types it is mostly mistaken for."""
    mistakes = sorted(
        ((count, types[other]) for other, count in enumerate(counts) if count and other != label),
        reverse=True,
    )
    taken_for = ", ".join(f"{name} ({count})" for count, name in mistakes[:2]) or "nothing else"
    total = sum(counts)
    return f"| {types[label]} | {total} | {counts[label] / max(total, 1):.1%} | {taken_for} |"
