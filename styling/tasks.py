"""The job of suggesting an outfit."""

from pydantic import BaseModel


class Piece(BaseModel):
    garment_id: str
    slot: str


class OutfitAnswer(BaseModel):
    """An outfit. The order of the fields is the order in which it streams."""

    pieces: list[Piece]
    missing: list[str]
    reasons: list[str]
    prose: str


class SuggestOutfit:
    name = "suggest_outfit"
    output = OutfitAnswer
