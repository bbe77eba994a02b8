"""An outfit as a picture: drawn, and seen by whoever has its address until its wearer takes that back."""
