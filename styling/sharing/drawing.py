"""What a shared picture of an outfit shows, by what its wearer chose."""

from typing import NamedTuple

from styling.models import OutfitPiece, Suggestion
from styling.sharing.card import can_write, draw_card


class Wish(NamedTuple):
    """What the picture shows besides the pieces; `shape` is one of `SharedPicture.Shape`."""

    shape: str
    with_line: bool = True
    with_names: bool = False
