"""The addresses of a piece, which an answer builds without asking Django for each."""

import pytest
from django.urls import reverse, set_script_prefix

from styling.streaming.cards import find_address
from wardrobe.models import Garment


@pytest.mark.parametrize("prefix", ["/", "/clothes/"])
@pytest.mark.parametrize("page", ["detail", "media", "cut-out"])
def test_an_address_is_the_one_that_django_finds(page: str, prefix: str) -> None:
    set_script_prefix(prefix)
    try:
        for garment in (Garment(), Garment()):
            found = reverse(f"wardrobe:garment-{page}", args=[garment.pk])
            assert find_address(page, garment) == found
            assert found.startswith(prefix)
    finally:
        set_script_prefix("/")
