"""The languages of the product, by their own names, and the settings that follow: texts are in `locale/`."""

from pathlib import Path
from typing import Any

LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("es", "Español"), ("fr", "Français")]
"""English is what the texts are written in; each other one has its catalogues below `locale/`."""

YEAR_S = 365 * 24 * 60 * 60

SETTINGS: dict[str, Any] = {
    "LANGUAGE_CODE": LANGUAGES[0][0],
    "LANGUAGES": LANGUAGES,
    "LOCALE_PATHS": [Path(__file__).parents[2] / "locale"],
    "FORMAT_MODULE_PATH": "dresscode.formats",
    "LANGUAGE_COOKIE_AGE": YEAR_S,
    "LANGUAGE_COOKIE_HTTPONLY": True,
    "LANGUAGE_COOKIE_SAMESITE": "Lax",
}
