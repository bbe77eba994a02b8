"""How far sleeves and hems of what was cut reach, in words of the vocabulary."""

from lab.synthetic.parts import Panel, Part

ELBOW_CM = 34.0
"""From the shoulder. Sleeves that reach further count as long, as those of three quarters do."""
KNEE_CM = {"bottom": (51.0, 65.0), "dress": (93.0, 109.0)}
"""What ends between these is to the knee: from the waist, and from the point of the neck."""


def name_sleeve(parts: list[Part], slot: str) -> str:
    """None, short or long; empty for what is not worn on the arms."""
    if slot not in {"top", "dress", "outerwear"}:
        return ""
    longest = max(part.sleeve for part in parts if isinstance(part, Panel))
    return ("long" if longest > ELBOW_CM else "short") if longest else "none"


def name_length(parts: list[Part], slot: str) -> str:
    """Short, knee or long, by the lowest point of the cloth; empty for what is not worn on the legs."""
    if slot not in KNEE_CM:
        return ""
    above, below = KNEE_CM[slot]
    lowest = max(
        float(part.outline[:, 1].max())
        for part in parts
        if isinstance(part, Panel) and not part.sleeve
    )
    return "short" if lowest < above else "knee" if lowest < below else "long"
