"""Fit the model that names colours: each group of pixels is rated, and groups are mixed by their shares."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from wardrobe.vision.colours import ColourModel, describe_mixture, softmax
from wardrobe.vision.heads import Calibration
from wardrobe.vision.hues import MEASURES, measure_groups

Array = NDArray[np.float64]

ROUNDS = 200
DECAY = 3e-4
MIXING_DECAY = 3e-5
"""What tells many colours from one goes together, so photos alone hardly say what each counts."""
SURE = 1e-6
MIXTURE_FACTS = 4


@dataclass(frozen=True)
class Palette:
    """What is fitted to: rows are garments, columns the colours, MULTICOLOR the last."""

    centres: Array
    shares: Array
    ground: Array
    accepted: Array
    """Shares of the truth, best names first; nought for a name that is wrong."""
    weights: Array

    def take(self, rows: NDArray[np.intp]) -> "Palette":
        return Palette(**{name: part[rows] for name, part in vars(self).items()})


def rate_palette(model: ColourModel, palette: Palette) -> Array:
    """Probabilities of the main colour, (n, names and MULTICOLOR)."""
    centres, shares, ground = (
        part.astype(np.float32) for part in (palette.centres, palette.shares, palette.ground)
    )
    groups = model.rate_groups(centres, ground[:, None, :])
    return model.rate_garments(groups, shares).astype(np.float64)


def write_colours(model: ColourModel, path: Path) -> None:
    arrays = {
        "names": np.array(model.names),
        "calibration": np.array([model.calibration.slope, model.calibration.offset]),
        **{
            name: getattr(model, name) for name in ("means", "deviations", "coefficients", "mixing")
        },
    }
    np.savez_compressed(path, **arrays)


def fit_colours(palette: Palette, names: tuple[str, ...]) -> ColourModel:
    """By L-BFGS. Half of the pull is towards each right name as its share says, half towards any of them."""
    centres, ground = palette.centres.astype(np.float32), palette.ground.astype(np.float32)
    measures = measure_groups(centres, ground[:, None, :])
    present = measures[palette.shares > 0]
    means, deviations = present.mean(axis=0), present.std(axis=0) + 1e-6
    means[0], deviations[0] = 0.0, 1.0
    standard = ((measures - means) / deviations).astype(np.float32)
    shape = (MEASURES, len(names))
    size = MEASURES * len(names)

    def look(flat: Array) -> tuple[float, Array]:
        coefficients = flat[:size].reshape(shape)
        mixing = flat[size:]
        loss, slope, mixing_slope = find_slopes(coefficients, mixing, standard, palette)
        loss += DECAY / 2 * float(np.square(coefficients).sum())
        loss += MIXING_DECAY / 2 * float(np.square(mixing).sum())
        slope += DECAY * coefficients
        mixing_slope += MIXING_DECAY * mixing
        return loss, np.concatenate([slope.ravel(), mixing_slope])

    start = np.zeros(size + MIXTURE_FACTS)
    found = minimize(look, start, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}).x
    return ColourModel(
        names,
        means=means.astype(np.float32),
        deviations=deviations.astype(np.float32),
        coefficients=found[:size].reshape(shape).astype(np.float32),
        mixing=found[size:].astype(np.float32),
        calibration=Calibration(1.0, 0.0),
    )


def find_slopes(
    coefficients: Array, mixing: Array, standard: NDArray[np.float32], palette: Palette
) -> tuple[float, Array, Array]:
    """The mean loss, and its slopes by the coefficients and by the mixing.

    What tells many colours from one counts as given: its own slope is left out.
    """
    weights = palette.weights / palette.weights.sum()
    groups = softmax(standard @ coefficients.astype(np.float32))
    shares = palette.shares.astype(np.float32)[..., None]
    mixture = (shares * groups).sum(axis=1).astype(np.float64)
    facts = describe_mixture(groups, shares[..., 0]).astype(np.float64)
    many = 1 / (1 + np.exp(-(facts @ mixing)))
    rates = np.concatenate([mixture * (1 - many[:, None]), many[:, None]], axis=1) + SURE
    right = rates * (palette.accepted > 0)
    any_right = right.sum(axis=1, keepdims=True)
    wanted = (right / any_right + palette.accepted) / 2 * weights[:, None]
    told = np.log(any_right[:, 0]) + (palette.accepted * np.log(rates)).sum(axis=1)
    pull = (-wanted[:, :-1] / (mixture + SURE)).astype(np.float32)
    pulled = shares * pull[:, None, :]
    back = groups * (pulled - (groups * pulled).sum(axis=-1, keepdims=True))
    flat = back.reshape(-1, back.shape[-1])
    slope = standard.reshape(-1, MEASURES).T @ flat
    return (
        -float((weights * told).sum()) / 2,
        slope.astype(np.float64),
        facts.T @ (many * weights - wanted[:, -1]),
    )
