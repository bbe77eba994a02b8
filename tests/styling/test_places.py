from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from styling.weather import place_cache, places
from styling.weather.place_names import NameIndex, read_regions
from styling.weather.places import get_place, search_places


def labels(query: str) -> list[str]:
    return [place.label for place in search_places(query)]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("porto", "Porto, Portugal"),
        ("PORTO", "Porto, Portugal"),
        ("lisb", "Lisbon, Portugal"),
        ("sao paulo", "São Paulo, Brazil"),
        ("münchen", "Munich, Germany"),
        ("munchen", "Munich, Germany"),
        ("springfield, il", "Springfield, Illinois, United States"),
        ("porto, br", "Porto, Brazil"),
        ("new york", "New York City, United States"),
        ("London, UK", "London, United Kingdom"),
        ("london, england", "London, United Kingdom"),
        ("London, Ontario", "London, Canada"),
        ("New York, USA", "New York City, United States"),
        ("Toronto, ON", "Toronto, Canada"),
        ("Munich, Bavaria", "Munich, Germany"),
        ("Nürnberg, Bayern", "Nuremberg, Germany"),
        ("Washington, D.C.", "Washington, District of Columbia, United States"),
        ("Perth, WA", "Perth, Australia"),
        ("Abu Dhabi, UAE", "Abu Dhabi, United Arab Emirates"),
        ("The Hague, Holland", "The Hague, The Netherlands"),
        ("Mlawa", "Mława, Poland"),
        ("Nuku'alofa", "Nuku‘alofa, Tonga"),
        ("nukualofa", "Nuku‘alofa, Tonga"),
        ("Москва", "Moscow, Russia"),
        ("東京", "Tokyo, Japan"),
        ("القاهرة", "Cairo, Egypt"),
        ("Saint Louis, MO", "St. Louis, Missouri, United States"),
        ("52.52,13.41", "Berlin, Germany"),
        ("-33.87; 151.21", "Sydney, Australia"),
    ],
)
def test_a_place_is_found_by_what_people_type(query: str, first: str) -> None:
    assert labels(query)[0] == first


def test_a_place_has_its_time_zone_and_coordinates() -> None:
    place = search_places("Auckland")[0]
    assert (place.time_zone, place.country) == ("Pacific/Auckland", "New Zealand")
    assert place.latitude == pytest.approx(-36.85, abs=0.1)
    assert place.longitude == pytest.approx(174.76, abs=0.1)


def test_namesakes_in_a_country_are_told_apart() -> None:
    found = labels("springfield")
    assert len(found) == len(set(found)) > 3
    assert all(label.count(",") == 2 for label in found)


def test_a_namesake_is_among_the_first() -> None:
    assert any(label.startswith("St. Louis,") for label in labels("Saint Louis")[:4])


def test_every_region_that_has_a_name_has_a_city() -> None:
    cities = {(city.country_code, city.region_code) for city in places._gazetteer().cities}
    assert {*read_regions()} <= cities


def test_a_label_of_before_regions_had_names_is_still_found() -> None:
    found = get_place("Richmond, near Melbourne, Australia")
    assert found is not None
    assert found.country == "Australia"


def test_a_label_leads_back_to_its_place() -> None:
    for place in search_places("santiago") + search_places("springfield"):
        assert get_place(place.label) == place


@pytest.mark.parametrize(
    "query", ["", "x", " ", "qqqqqqqq", ",,,", "\x00", "porto, zzz", "0, -150", "95, 10"]
)
def test_what_names_no_place_finds_none(query: str) -> None:
    assert search_places(query) == []
    assert get_place(query) is None


def test_a_long_query_is_cut() -> None:
    assert search_places("porto" + " " * 80 + "x" * 100_000)[0].label == "Porto, Portugal"


@pytest.fixture
def kept(tmp_path: Path, settings: Settings) -> Callable[[], Path]:
    settings.STATE_DIR = tmp_path
    return place_cache.find_path


def make_few() -> place_cache.Made:
    return [["Ghent", "ghent", "BE", "VLG", 51.05, 3.72, "Europe/Brussels", 1]], NameIndex.of(
        [("ghent", 0), ("gent", 0), ("根特", 0)]
    )


def test_what_was_kept_is_read_and_not_made_again(kept: Callable[[], Path]) -> None:
    rows, names = place_cache.read_or_make(make_few)
    again, same = place_cache.read_or_make(lambda: pytest.fail("it was made again"))
    assert (again, [*same.find("g")]) == (rows, [("gent", 0), ("ghent", 0)])
    assert [*same.find("根")] == [("根特", 0)]


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-1], lambda data: b"", lambda data: data[::-1]]
)
def test_a_broken_file_is_made_anew(
    kept: Callable[[], Path], damage: Callable[[bytes], bytes]
) -> None:
    place_cache.read_or_make(make_few)
    kept().write_bytes(damage(kept().read_bytes()))
    assert place_cache.read_or_make(make_few)[0] == make_few()[0]
    place_cache.read_or_make(lambda: pytest.fail("the broken one is still there"))


def test_a_folder_that_cannot_be_written_costs_time_alone(
    tmp_path: Path, settings: Settings
) -> None:
    (tmp_path / "file").write_text("")
    settings.STATE_DIR = tmp_path / "file"
    assert place_cache.read_or_make(make_few)[0] == make_few()[0]
