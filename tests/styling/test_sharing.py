"""An outfit as a picture: what it shows, who sees it, and that nobody does once it is taken back."""

import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import User
from styling import jobs
from styling.models import SharedPicture, Suggestion
from styling.sharing import card, links
from styling.sharing.drawing import Wish, plan_picture
from tests.styling.test_outfit_page import finish
from wardrobe.models import Garment
from wardrobe.photos import storage

LOOK = Image.new("RGBA", (90, 90), "#803010")
LINES = ["Coat weather.", "Dry until six."]


@pytest.fixture
def outfit(suggestion: Suggestion, clothes: list[Garment]) -> Suggestion:
    finish(suggestion, clothes)
    Garment.objects.filter(pk=clothes[0].pk).update(name="Camisa <b>azul</b> de Ana")
    return suggestion


@pytest.fixture
def page(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


def read(picture: bytes) -> Image.Image:
    opened = Image.open(io.BytesIO(picture), formats=["JPEG"])
    opened.load()
    return opened


@pytest.mark.parametrize("shape", card.SIZES)
@pytest.mark.parametrize("lines", [(), LINES, ["Word " * 200], ["W" * 300]])
@pytest.mark.parametrize("names", [(), ["Camel coat", "Navy shirt"], ["Long name " * 10] * 9])
def test_a_card_has_its_shape_and_nothing_but_pixels(
    shape: str, lines: list[str], names: list[str]
) -> None:
    picture = read(card.draw_card(LOOK, shape, lines, names))
    assert picture.size == card.SIZES[shape]
    assert not picture.getexif() and set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}  # fmt: skip
    middle = picture.getpixel((picture.width // 2, picture.height // 3))
    assert middle == pytest.approx((128, 48, 16), abs=12)


@pytest.mark.parametrize("shape", card.SIZES)
def test_words_leave_the_mark_and_the_edges_free(shape: str) -> None:
    """Wherever there are words, the look ends above them, and the mark stands as it does alone."""
    bare, full = (
        read(card.draw_card(LOOK, shape, lines, names)).convert("L")
        for lines, names in (((), ()), (["Wide words " * 9] * 2, ["Many names"] * 30))
    )
    width, height = bare.size
    mark = (width - card.MARGIN - 130, height - card.MARGIN - 40, width - card.MARGIN, height)
    assert list(bare.crop(mark).tobytes()) == pytest.approx(list(full.crop(mark).tobytes()), abs=40)
    for edge in ((0, 0, card.MARGIN - 8, height), (width - card.MARGIN + 8, 0, width, height)):
        assert min(full.crop(edge).tobytes()) > 200


@pytest.mark.parametrize(
    ("text", "can"),
    [("Crème brûlée à l’Œuvre", True), ("Łódź, Ñandú, Ğ", True), ("Пальто", True), ("Παλτό", True),
     ("外套", False), ("معطف", False), ("Coat \N{DRESS}", False)],
)  # fmt: skip
def test_letters_without_a_shape_are_known(text: str, can: bool) -> None:
    assert card.can_write(text) is can


def test_names_that_cannot_be_written_are_said_by_kind_and_colour(
    outfit: Suggestion, clothes: list[Garment]
) -> None:
    Garment.objects.filter(pk=clothes[0].pk).update(name="外套")
    said = plan_picture(outfit, Wish("square", with_line=False, with_names=True)).describe()
    assert "外套" not in said and "Grey trousers" in said


def test_only_what_was_chosen_is_said(page: Client, outfit: Suggestion) -> None:
    bare = plan_picture(outfit, Wish("square", with_line=False)).describe()
    assert bare == "An outfit of 3 pieces."
    link = links.share(outfit, Wish("square"))
    shown = Client().get(reverse("styling:shared-page", args=[link.token])).text
    for secret in ("Camisa", "Ana", "alice", outfit.event.place or "Porto", str(outfit.pk)):
        assert secret not in shown
    named = links.share(outfit, Wish("square", with_names=True))
    shown = Client().get(reverse("styling:shared-page", args=[named.token])).text
    assert "Camisa &lt;b&gt;azul&lt;/b&gt; de Ana" in shown and "<b>azul" not in shown


def test_a_picture_is_looked_at_before_it_is_shared(page: Client, outfit: Suggestion) -> None:
    address = reverse("styling:picture", args=[outfit.pk])
    first = page.get(address).text
    assert 'id="shape-portrait" value="portrait" checked' in first
    assert '<input type="hidden" name="chosen" value="True">' in first.split('id="wish"')[1]
    text = page.get(address, {"chosen": "True", "shape": "story", "with_names": "on"}).text
    assert "shape=story&amp;with_names=on" in text and "1920" in text
    preview = page.get(f"{address}file/", {"chosen": "True", "shape": "square"})
    assert read(preview.content).size == (1080, 1080)
    assert preview["Cache-Control"] == "private, no-store"
    assert not SharedPicture.objects.exists()
    assert page.get(address, {"chosen": "True", "shape": "round"}).status_code == 200


def test_whoever_has_the_address_sees_it_until_it_is_taken_back(
    page: Client, outfit: Suggestion
) -> None:
    made = page.post(reverse("styling:picture-link", args=[outfit.pk]), {"chosen": "True", "shape": "square"})  # fmt: skip
    assert made.status_code == 302
    link = SharedPicture.objects.get()
    stranger = Client()
    address = reverse("styling:shared-page", args=[link.token])
    picture = reverse("styling:shared-picture", args=[link.token])
    shown = stranger.get(picture)
    assert read(shown.content).size == (1080, 1080)
    assert (
        shown["X-Robots-Tag"] == "noindex, noarchive" and shown["Referrer-Policy"] == "no-referrer"
    )
    assert stranger.get(picture, headers={"If-None-Match": shown["ETag"]}).status_code == 304
    assert stranger.get(address)["Cache-Control"] == "private, no-cache"

    change = reverse("styling:shared-change", args=[link.pk])
    taken = page.post(change, headers={"HX-Request": "true"})
    assert "shows nothing any more" in taken.text and "Undo" in taken.text
    etag = {"If-None-Match": shown["ETag"]}
    assert stranger.get(address).status_code == 404
    assert stranger.get(picture, headers=etag).status_code == 404
    page.post(change, {"undo": "1"})
    assert stranger.get(address).status_code == 200


def test_the_same_picture_has_one_link(outfit: Suggestion) -> None:
    first = links.share(outfit, Wish("square"))
    assert links.share(outfit, Wish("square")) == first
    assert links.share(outfit, Wish("story")) != first
    links.withdraw(first)
    assert links.share(outfit, Wish("square")) != first


def test_what_is_shared_stays_as_it_was(outfit: Suggestion) -> None:
    link = links.share(outfit, Wish("square", with_names=True))
    before = storage.read_file(link.file)
    Garment.objects.update(name="Another name")
    assert storage.read_file(link.file) == before
    assert "Another" not in SharedPicture.objects.get(pk=link.pk).description


def test_a_wearer_has_two_hundred_links_at_most(
    page: Client, outfit: Suggestion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "MOST_LINKS", 1)
    links.share(outfit, Wish("square"))
    told = page.post(
        reverse("styling:picture-link", args=[outfit.pk]), {"chosen": "True"}, follow=True
    )
    assert "Take a few of them back first" in told.text
    assert SharedPicture.objects.count() == 1


def test_the_sweep_deletes_what_cannot_come_back(
    outfit: Suggestion, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_, just, long_ago = (links.share(outfit, Wish(shape)) for shape in card.SIZES)
    links.withdraw(just)
    SharedPicture.objects.filter(pk=long_ago.pk).update(
        withdrawn_at=timezone.now() - links.KEPT_AFTER_WITHDRAWAL - timedelta(seconds=1)
    )
    monkeypatch.setattr("wardrobe.photos.storage.is_older", lambda name, age: True)
    assert jobs.sweep_shared_job() == 1
    assert {*SharedPicture.objects.all()} == {open_, just}
    assert default_storage.exists(open_.file) and default_storage.exists(just.file)
    assert not default_storage.exists(long_ago.file)


def test_nobody_shares_what_is_not_theirs(charlie: User, outfit: Suggestion) -> None:
    link = links.share(outfit, Wish("square"))
    other = Client()
    other.force_login(charlie)
    assert other.get(reverse("styling:picture", args=[outfit.pk])).status_code == 404
    assert other.post(reverse("styling:picture-link", args=[outfit.pk])).status_code == 404
    assert other.post(reverse("styling:shared-change", args=[link.pk])).status_code == 404
    assert link.token not in other.get(reverse("styling:shared")).text


def test_an_outfit_without_pieces_is_no_picture(page: Client, suggestion: Suggestion) -> None:
    assert page.get(reverse("styling:picture", args=[suggestion.pk])).status_code == 404


def test_the_list_is_paged(page: Client, outfit: Suggestion) -> None:
    for number in range(21):
        SharedPicture.objects.create(
            owner=outfit.owner, suggestion=outfit, file=f"shared/x/{number}.jpg", description="An outfit"
        )  # fmt: skip
    first = page.get(reverse("styling:shared")).text
    assert first.count('id="link-') == 20 and "?page=2" in first
    assert page.get(reverse("styling:shared"), {"page": "2"}).text.count('id="link-') == 1
