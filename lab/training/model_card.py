"""The model card beside the weights: where they come from and how good they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Template
from typing import Any

CARD = Template("""# Garment types: model card

`garment_type.onnx` names the type of the garment in a picture and gives a vector for finding similar photos.

- **Families**, which real photos teach: $families. Types within them, which drawn photos teach, are those of
  `../families.py`.
- **Input** `pictures`: float32 (N, 3, 128, 128), sRGB, fitted into a grey square, (byte − 127.5) / 64.
- **Output**: `families` (N, $family_count) and `types` (N, $type_count), mean log-probabilities over the networks and
  over each picture and its mirror image, to be divided by their temperatures; `embedding` (N, 128), unit vectors.
- **Networks**: $members, residual, with squeeze and excitation, 1.8 million weights each, trained from scratch
  from different seeds. See `lab/training/network.py`.
- **Data**: $learned_from photos of the clothing dataset (smartphone photos by 32 contributors, licence CC0), one garment a
  photo, and $drawn photos drawn by `lab/synthetic`. One more tenth of each was held out, to choose with and to
  calibrate; the dataset's validation part served no choice and was measured at the end.
- **Command**: `python -m lab train_vision --photos DIR` with `requirements-training.txt`; on a GPU when there is one.
  bfloat16 makes runs differ a little between machines.
- **Options**: $options.
- **Weights**: stored as 16-bit floats; released under CC0, like the photos. SHA-256
  `$sha256`.
- **To publish new ones**: copy weights and this card from the output folder to `wardrobe/vision/weights/`, and put the
  digest into `VisionParameters.weights_sha256` and `fixtures/prompts/digitize_photo.md`. Prompt versions that name the
  old digest then refuse to run here.

## Figures

| | photos | accuracy | calibration error |
|---|---|---|---|
| held out for calibration, by family | $held_out_photos | $held_out_accuracy | $held_out_error |
| validation, by family | $validation_photos | $validation_accuracy | $validation_error |
| drawn and held out, by type | $drawn_photos | $drawn_accuracy | |

Temperatures, fitted on the photos held out: families $family_temperature, types $type_temperature. Calibration error is the expected
one over ten bins of confidence.

## Validation by family

| family | photos | accuracy | mostly taken for |
|---|---|---|---|
$rows

## Limits

Photos of one garment on one background, most of them laid flat or hung up. Worn clothes and children's clothes beside
adults' were not seen in training. Bags, scarves, socks, gloves, belts and ties, and every type within a family,
were learned from drawn photos alone: on real ones they are guesses, and the engine answers with the family's name
unless it is very sure. Types outside the list (underwear, watches, jewellery) are given the nearest one.
""")


@dataclass(frozen=True)
class Measurement:
    photos: int
    accuracy: float
    calibration_error: float
    confusion: list[list[int]]
    """Rows are the true families, columns the named ones."""


def render_model_card(
    *,
    families: Sequence[str],
    type_count: int,
    members: int,
    learned_from: int,
    drawn: int,
    held_out: Measurement,
    validation: Measurement,
    drawn_held_out: int,
    drawn_accuracy: float,
    temperatures: Mapping[str, float],
    options: Mapping[str, Any],
    sha256: str,
) -> str:
    seen = [label for label, counts in enumerate(validation.confusion) if sum(counts)]
    return CARD.substitute(
        families=", ".join(families[label] for label in seen),
        family_count=len(families),
        type_count=type_count,
        members=members,
        learned_from=learned_from,
        drawn=drawn,
        options=", ".join(f"{name} {value}" for name, value in options.items()),
        sha256=sha256,
        family_temperature=temperatures["families"],
        type_temperature=temperatures["types"],
        held_out_photos=held_out.photos,
        held_out_accuracy=f"{held_out.accuracy:.1%}",
        held_out_error=f"{held_out.calibration_error:.3f}",
        validation_photos=validation.photos,
        validation_accuracy=f"{validation.accuracy:.1%}",
        validation_error=f"{validation.calibration_error:.3f}",
        drawn_photos=drawn_held_out,
        drawn_accuracy=f"{drawn_accuracy:.1%}",
        rows="\n".join(render_row(label, families, validation.confusion[label]) for label in seen),
    )


def render_row(label: int, families: Sequence[str], counts: list[int]) -> str:
    """A family's accuracy and the two it is mostly mistaken for."""
    mistakes = sorted(
        (
            (count, families[other])
            for other, count in enumerate(counts)
            if count and other != label
        ),
        reverse=True,
    )
    taken_for = ", ".join(f"{name} ({count})" for count, name in mistakes[:2]) or "nothing else"
    total = sum(counts)
    return f"| {families[label]} | {total} | {counts[label] / max(total, 1):.1%} | {taken_for} |"
