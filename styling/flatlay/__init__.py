"""An outfit composed on one ground: which piece lies where, and the picture of it."""
