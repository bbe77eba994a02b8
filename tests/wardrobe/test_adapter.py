"""What the trunk learned of clothes: in the graph beside the trunk as it came, and told from it by the heads."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import onnxruntime
import pytest
from PIL import Image

from lab.training.heads.squares import LOOKS, POOLED, see_look, show
from tests.wardrobe.drawings import draw_shirt
from tests.wardrobe.shipped import load_shipped, watch_looks
from wardrobe.vision import naming
from wardrobe.vision.classifier import WeightsMismatchError
from wardrobe.vision.garments import detect_garments
from wardrobe.vision.heads import read_heads, write_heads
from wardrobe.vision.parameters import VisionParameters
from wardrobe.vision.trunk.adapters import read_adapter, write_adapter
from wardrobe.vision.trunk.graph import build_trunk, list_blocks
from wardrobe.vision.trunk.sessions import (
    ADAPTER_SHA256,
    FEATURES,
    Trunk,
    fill_inputs,
    find_trunk,
    find_weights,
)
from wardrobe.vision.trunk.tensors import read_tensors

GREY = (127, 127, 127)


@pytest.fixture(scope="module")
def trunk() -> Trunk:
    found = find_trunk()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def shirt() -> Image.Image:
    return draw_shirt((190, 30, 40))


def test_without_its_adapter_the_trunk_is_as_it_came(trunk: Trunk, shirt: Image.Image) -> None:
    came = onnxruntime.InferenceSession(
        build_trunk(read_tensors(find_weights()), {}), providers=["CPUExecutionProvider"]
    )
    alone = Trunk(came).see([shirt], ground=GREY)
    assert trunk.see([shirt], ground=GREY) == pytest.approx(alone, abs=1e-3)
    assert trunk.adapt("").see([shirt], ground=GREY) == pytest.approx(alone, abs=1e-3)


def test_with_its_adapter_it_sees_clothes_otherwise(trunk: Trunk, shirt: Image.Image) -> None:
    adapted = trunk.adapt(ADAPTER_SHA256)
    came, learned = (one.see([shirt], ground=GREY)[0] for one in (trunk, adapted))
    assert np.abs(came - learned).max() > 0.1
    assert learned[POOLED] == pytest.approx(came[POOLED], abs=1e-4)


def test_where_something_is_is_seen_by_the_trunk_as_it_came(
    trunk: Trunk, shirt: Image.Image
) -> None:
    adapted = trunk.adapt(ADAPTER_SHA256)
    for one, other in zip(
        trunk.map(shirt, ground=GREY), adapted.map(shirt, ground=GREY), strict=True
    ):
        assert (one == other).all()


def test_an_adapter_changes_what_its_product_says() -> None:
    """One convolution by hand: what comes out changes by up × down × what went in."""
    tensors = read_tensors(find_weights())
    rng = np.random.default_rng(1)
    head = tensors["_conv_head.weight"]
    down = rng.normal(size=(2, head.shape[1])).astype(np.float32) * 0.01
    up = rng.normal(size=(len(head), 2)).astype(np.float32)
    merged = {**tensors, "_conv_head.weight": head.copy()}
    scale = tensors["_bn1.weight"] / np.sqrt(tensors["_bn1.running_var"] + 1e-3)
    merged["_conv_head.weight"] += ((up @ down) / scale[:, None])[:, :, None, None]
    seen = [
        Trunk(onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"]), adapted).see(
            [draw_shirt((30, 60, 190))], ground=GREY
        )
        for graph, adapted in (
            (build_trunk(tensors, {"_conv_head": (down, up)}), True),
            (build_trunk(merged, {}), False),
        )
    ]
    assert seen[0] == pytest.approx(seen[1], abs=1e-3)


def test_an_adapter_survives_its_file() -> None:
    rng = np.random.default_rng(2)
    adapter = {"_conv_head": (rng.normal(size=(2, 3)), rng.normal(size=(5, 2)))}
    again = read_adapter(write_adapter(adapter))
    for one, other in zip(again["_conv_head"], adapter["_conv_head"], strict=True):
        assert one == pytest.approx(other, abs=2e-3)


def test_the_heads_of_this_release_go_by_its_adapter() -> None:
    assert load_shipped().adapter == ADAPTER_SHA256


def test_heads_keep_what_they_go_by() -> None:
    heads = load_shipped()
    assert read_heads(write_heads(heads)).adapter == heads.adapter
    assert read_heads(write_heads(replace(heads, adapter=""))).adapter == ""


def test_heads_of_another_adapter_are_not_used(
    monkeypatch: pytest.MonkeyPatch, shirt: Image.Image
) -> None:
    heads = replace(load_shipped(), adapter="f" * 64)
    monkeypatch.setattr(naming, "load_heads", lambda *_: heads)
    with pytest.raises(WeightsMismatchError, match="no adapter ffff"):
        detect_garments(shirt, parameters=VisionParameters())


def test_heads_from_before_the_adapter_see_by_the_trunk_as_it_came(
    monkeypatch: pytest.MonkeyPatch, shirt: Image.Image
) -> None:
    """As heads do that a wearer's site had retrained earlier."""
    asked = watch_looks(monkeypatch)
    for adapter in ("", ADAPTER_SHA256):
        heads = replace(load_shipped(), adapter=adapter)
        monkeypatch.setattr(naming, "load_heads", lambda *_, heads=heads: heads)
        detect_garments(shirt, parameters=VisionParameters())
    assert asked == [False, True]


def test_stages_follow_each_other() -> None:
    blocks = list_blocks(read_tensors(find_weights()))
    assert [block.stage for block in blocks if block.is_first] == list(range(7))
    assert [block.stage for block in blocks if block.is_last] == list(range(7))
    for one, other in pairwise(blocks):
        assert one.is_last == other.is_first


def test_other_looks_differ_and_come_again_the_same() -> None:
    rng = np.random.default_rng(3)
    exact, wide = (rng.integers(0, 255, (side, side, 3), np.uint8) for side in (260, 300))
    looks = [show(exact, wide, 7, look) for look in range(LOOKS)]
    assert (looks[0] == exact).all()
    assert (looks[1] == exact[:, ::-1]).all()
    for one, other in pairwise(looks):
        assert (one != other).any()
    assert (show(exact, wide, 7, 4) == looks[4]).all()


def test_beginnings_are_what_frozen_stages_answer(trunk: Trunk) -> None:
    rng = np.random.default_rng(4)
    exact, wide = (rng.integers(0, 255, (9, side, side, 3), np.uint8) for side in (260, 300))
    found = see_look(exact, wide, 0, trunk)
    seen, _, last, *_ = trunk.session.run(None, fill_inputs(exact[8:], is_adapted=False))
    assert seen.shape[1] == FEATURES
    assert found.maps[8] == pytest.approx(last[0], rel=1e-2, abs=1e-2)
    assert found.pooled[8] == pytest.approx(seen[0, POOLED], rel=1e-2, abs=1e-2)
