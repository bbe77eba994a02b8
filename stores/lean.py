"""Modules without what they would take along and nobody here uses."""

import sys
from importlib import import_module


def import_without(name: str, left_out: str) -> None:
    """Import a module as if `left_out`, which it takes where it finds it, were not installed.

    What is in memory already stays.
    """
    if left_out in sys.modules:
        import_module(name)
        return
    sys.modules[left_out] = None  # type: ignore[assignment]
    try:
        import_module(name)
    finally:
        del sys.modules[left_out]
