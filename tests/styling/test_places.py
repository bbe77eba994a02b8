from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from styling.weather import place_cache, places
from styling.weather.coordinates import read_coordinates
from styling.weather.place_names import NameIndex, read_regions
from styling.weather.places import find_meant, get_place, search_places


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
        ("Sta. Cruz", "Santa Cruz de la Sierra, Bolivia"),
        ("Sto. Domingo", "Santo Domingo, Dominican Republic"),
        ("S. Paulo", "São Paulo, Brazil"),
        ("Frankfurt a. M.", "Frankfurt am Main, Germany"),
        ("Frankfurt a.M., Germany", "Frankfurt am Main, Germany"),
        ("LA", "Los Angeles, United States"),
        ("SF", "San Francisco, United States"),
    ],
)
def test_a_place_is_found_by_what_people_type(query: str, first: str) -> None:
    assert labels(query)[0] == first


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Roma", "Rome, Italy"),
        ("Cologne", "Köln, Germany"),
        ("Calcutta", "Kolkata, India"),
        ("Breslau", "Wrocław, Poland"),
        ("Las Palmas", "Las Palmas de Gran Canaria, Spain"),
        ("Rio", "Rio de Janeiro, Brazil"),
        ("Odessa", "Odesa, Ukraine"),
        ("Lyons", "Lyon, France"),
        ("Mecca", "Makkah, Saudi Arabia"),
        ("Hanover", "Hannover, Germany"),
        ("Canton", "Guangzhou, China"),
        # Whose own name it is, where others that have it, too, are not far larger.
        ("Porto", "Porto, Portugal"),
        ("Memphis", "Memphis, Tennessee, United States"),
        ("York", "York, United Kingdom"),
        ("Zaragoza", "Zaragoza, Spain"),
        ("Islamabad", "Islamabad, Pakistan"),
        ("Siracusa", "Siracusa, Italy"),
        ("Cancun", "Cancún, Mexico"),
        ("Parma", "Parma, Italy"),
        ("Waterloo", "Waterloo, Canada"),
        ("Dili", "Dili, Timor Leste"),
        ("Abadan", "Abadan, Iran"),
        ("Paris", "Paris, France"),
    ],
)
def test_the_place_that_most_people_mean_comes_first(query: str, first: str) -> None:
    assert labels(query)[0] == first


@pytest.mark.parametrize(
    ("query", "country"),
    [
        ("Bergen, Norge", "Norway"),
        ("Uppsala, Sverige", "Sweden"),
        ("Tampere, Suomi", "Finland"),
        ("Kraków, Polska", "Poland"),
        ("Aarhus, Danmark", "Denmark"),
        ("Athens, Hellas", "Greece"),
        ("Αθήνα, Ελλάδα", "Greece"),
        ("Cork, Eire", "Ireland"),
        ("москва, россия", "Russia"),
        ("Abidjan, Côte d'Ivoire", "Ivory Coast"),
        ("Kinshasa, DR Congo", "Democratic Republic of the Congo"),
        ("Ramallah, Palestine", "Palestinian Territory"),
        ("Cape Town, RSA", "South Africa"),
        ("Seoul, ROK", "South Korea"),
        ("Tokyo, 日本", "Japan"),
        ("Paris, Francia", "France"),
        ("Belgrade, Srbija", "Serbia"),
        ("Tbilisi, საქართველო", "Georgia"),
        ("Belfast, NI", "United Kingdom"),
        ("Guildford, Surrey", "United Kingdom"),
        ("Cork, Co. Cork", "Ireland"),
        ("Naperville, DuPage County", "United States"),
    ],
)
def test_a_country_is_understood_in_its_own_words_and_a_county_is(query: str, country: str) -> None:
    assert {place.country for place in search_places(query)} == {country}


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("London UK", "London, United Kingdom"),
        ("london on", "London, Canada"),
        ("Paris France", "Paris, France"),
        ("paris tx", "Paris, Texas, United States"),
        ("New York NY", "New York City, United States"),
        ("springfield il usa", "Springfield, Illinois, United States"),
        ("rio de janeiro brazil", "Rio de Janeiro, Brazil"),
        ("belfast northern ireland", "Belfast, United Kingdom"),
        ("københavn danmark", "Copenhagen, Denmark"),
        ("Santiago de", "Santiago de Querétaro, Mexico"),  # And not one in Germany.
        ("New Yor", "New York City, United States"),
    ],
)
def test_where_it_is_needs_no_comma(query: str, first: str) -> None:
    assert labels(query)[0] == first


@pytest.mark.parametrize(
    "query",
    [
        "52.52,13.41",
        "52.52 13.41",
        "+52.52, +13.41",
        "(52.52, 13.41)",
        "[52.52; 13.41]",
        "52,52 13,41",
        "52,52; 13,41",
        "52,52, 13,41",
        "52.52°, 13.41°",
        "52.52° N, 13.41° E",
        "52.52N 13.41E",
        "N 52.52 E 13.41",
        "13.41E 52.52N",
        "52.52 north, 13.41 east",
        "52°31.2'N 13°24.6'E",
        "52°31'12\"N 13°24'36\"E",
        "52° 31′ 12″ N, 13° 24′ 36″ E",
        "52 31 12 N 13 24 36 E",
        "N 52 31.2 E 13 24.6",
        "52°31'12\", 13°24'36\"",
        "geo:52.52,13.41",
        "geo:52.52,13.41;u=35",
        "geo:52.52,13.41?z=12",
    ],
)
def test_coordinates_are_read_as_they_are_pasted(query: str) -> None:
    assert read_coordinates(query) == pytest.approx((52.52, 13.41))
    assert labels(query) == ["Berlin, Germany"]


@pytest.mark.parametrize(
    "query", ["-33.87, 151.21", "−33.87, 151.21", "33.87 S 151.21 E", "S 33°52.2' E 151°12.6'"]
)
def test_south_is_below_zero(query: str) -> None:
    assert read_coordinates(query) == pytest.approx((-33.87, 151.21))


@pytest.mark.parametrize("query", ["porto", "52.52", "52.52 N, 13.41 N", "10 Downing 2", ""])
def test_what_is_no_pair_of_coordinates_is_a_name(query: str) -> None:
    assert read_coordinates(query) is None


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
    assert find_meant(query) is None


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Lissabon", "Lisbon, Portugal"),
        ("Praga", "Prague, Czechia"),
        ("Köln", "Köln, Germany"),
        ("London", "London, United Kingdom"),
        ("Vienna", "Vienna, Austria"),
        ("paris, texas", "Paris, Texas, United States"),
    ],
)
def test_one_place_is_meant_by_a_name_that_is_its_own_or_by_far_the_largests(
    name: str, label: str
) -> None:
    place = find_meant(name)
    assert place is not None
    assert place.label == label


@pytest.mark.parametrize("name", ["Springfield", "Cambridge", "Valencia", "Odessa", "Barce"])
def test_several_that_may_be_meant_and_half_a_name_are_asked_back(name: str) -> None:
    assert search_places(name)
    assert find_meant(name) is None


def test_a_long_query_is_cut() -> None:
    assert search_places("porto" + " " * 80 + "x" * 100_000)[0].label == "Porto, Portugal"


@pytest.fixture
def kept(tmp_path: Path, settings: Settings) -> Callable[[], Path]:
    settings.STATE_DIR = tmp_path
    return place_cache.find_path


def make_few() -> place_cache.Made:
    rows: list[place_cache.Row] = [
        ["Ghent", "ghent", "BE", "VLG", 51.05, 3.72, "Europe/Brussels", 1]
    ]
    names = NameIndex.of([("ghent", 0), ("gent", 0), ("根特", 0)])
    return rows, {"BE": ["belgie", "belgique"]}, names


def test_what_was_kept_is_read_and_not_made_again(kept: Callable[[], Path]) -> None:
    rows, countries, _ = place_cache.read_or_make(make_few)
    *again, same = place_cache.read_or_make(lambda: pytest.fail("it was made again"))
    assert again == [rows, countries]
    assert [*same.find("g")] == [("gent", 0), ("ghent", 0)]
    assert [*same.find("根")] == [("根特", 0)]


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-1], lambda data: b"", lambda data: data[::-1]]
)
def test_a_broken_file_is_made_anew(
    kept: Callable[[], Path], damage: Callable[[bytes], bytes]
) -> None:
    place_cache.read_or_make(make_few)
    kept().write_bytes(damage(kept().read_bytes()))
    assert place_cache.read_or_make(make_few)[:2] == make_few()[:2]
    place_cache.read_or_make(lambda: pytest.fail("the broken one is still there"))


def test_a_folder_that_cannot_be_written_costs_time_alone(
    tmp_path: Path, settings: Settings
) -> None:
    (tmp_path / "file").write_text("")
    settings.STATE_DIR = tmp_path / "file"
    assert place_cache.read_or_make(make_few)[:2] == make_few()[:2]
