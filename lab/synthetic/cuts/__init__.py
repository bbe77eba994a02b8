"""How garments are cut: from a type of the vocabulary to the parts it is sewn of."""

from collections.abc import Callable
from typing import NamedTuple

from lab.synthetic.cuts import (
    accessories,
    bags,
    boots,
    bottoms,
    dresses,
    hats,
    knits,
    outerwear,
    pairs,
    shoes,
    skirts,
    tops,
    weatherwear,
)
from lab.synthetic.fields import Random
from lab.synthetic.parts import Part
from lab.synthetic.specs import GarmentSpec


class Cut(NamedTuple):
    slot: str
    parts: Callable[[GarmentSpec, Random], list[Part]]


CUTS = {
    "t-shirt": Cut("top", tops.t_shirt),
    "longsleeve": Cut("top", tops.longsleeve),
    "sweater": Cut("top", tops.sweater),
    "turtleneck": Cut("top", tops.turtleneck),
    "tank-top": Cut("top", tops.tank_top),
    "polo": Cut("top", tops.polo),
    "cardigan": Cut("top", knits.cardigan),
    "sweatshirt": Cut("top", knits.sweatshirt),
    "hoodie": Cut("top", knits.hoodie),
    "shirt": Cut("top", tops.shirt),
    "jeans": Cut("bottom", bottoms.jeans),
    "chinos": Cut("bottom", bottoms.chinos),
    "pants": Cut("bottom", bottoms.trousers),
    "sweatpants": Cut("bottom", bottoms.sweatpants),
    "leggings": Cut("bottom", bottoms.leggings),
    "shorts": Cut("bottom", bottoms.shorts),
    "skirt": Cut("bottom", skirts.skirt),
    "dress": Cut("dress", dresses.dress),
    "blazer": Cut("outerwear", outerwear.blazer),
    "coat": Cut("outerwear", outerwear.coat),
    "parka": Cut("outerwear", weatherwear.parka),
    "jacket": Cut("outerwear", outerwear.jacket),
    "denim-jacket": Cut("outerwear", weatherwear.denim_jacket),
    "rain-jacket": Cut("outerwear", weatherwear.rain_jacket),
    "trench-coat": Cut("outerwear", weatherwear.trench_coat),
    "puffer": Cut("outerwear", weatherwear.puffer),
    "bomber": Cut("outerwear", outerwear.bomber),
    "sneakers": Cut("shoes", shoes.sneakers),
    "shoes": Cut("shoes", shoes.shoes),
    "loafers": Cut("shoes", shoes.loafers),
    "flats": Cut("shoes", shoes.flats),
    "sandals": Cut("shoes", shoes.sandals),
    "heels": Cut("shoes", boots.heels),
    "rain-boots": Cut("shoes", boots.rain_boots),
    "derbies": Cut("shoes", shoes.derbies),
    "boots": Cut("shoes", boots.boots),
    "beanie": Cut("hat", hats.beanie),
    "cap": Cut("hat", hats.cap),
    "hat": Cut("hat", hats.hat),
    "sun-hat": Cut("hat", hats.sun_hat),
    "scarf": Cut("accessory", accessories.scarf),
    "bag": Cut("bag", bags.bag),
    "handbag": Cut("bag", bags.handbag),
    "backpack": Cut("bag", bags.backpack),
    "socks": Cut("socks", pairs.socks),
    "gloves": Cut("accessory", pairs.gloves),
    "tie": Cut("accessory", accessories.tie),
    "belt": Cut("accessory", accessories.belt),
}


def cut_of(spec: GarmentSpec) -> Cut:
    """Raises KeyError for a type that has no cut of its own and names none."""
    return CUTS[spec.cut or spec.type]
