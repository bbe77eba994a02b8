"""Wearers of a test's own, with pieces that no other test wears, washes or deletes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import PHONE
from tests.dresscode.launchers import Launcher

AT_ONCE = 8
"""What takes the time is the start of Django."""
ZONE = "UTC"
WARDROBE = """\
Name,Kind,Colour
Ink shirt,shirt,navy
Chalk tee,t-shirt,white
Moss sweater,sweater,olive
Slate jeans,jeans,blue
Sand chinos,chinos,beige
Night trousers,pants,black
Milk sneakers,sneakers,white
Chestnut boots,boots,brown
Tar derbies,derbies,black
Dune coat,coat,camel
"""
MAKE = """
from django.test import Client
from accounts.models import User
from wardrobe.services.imports import hang_up, read_rows
from wardrobe.tables.columns import guess_columns
from wardrobe.tables.reading import read_table

table = read_table({table!r})
for email in {emails}:
    user = User.objects.create_user(email, time_zone={zone!r})
    hang_up(owner=user, rows=read_rows(user, table, guess_columns(table.headings)))
    client = Client()
    client.force_login(user)
    print(client.cookies["sessionid"].value)
"""


@dataclass(frozen=True)
class Wearer:
    """Somebody with the pieces of WARDROBE and without a home, who is signed in already: `session` is the cookie."""

    email: str
    session: str

    def open(self, open_context: Callable[..., BrowserContext], site: str, **options: str) -> Page:
        """A page on their phone, whose clock is that of their days: no page is loaded anew to follow it."""
        context = open_context(**PHONE, timezone_id=ZONE, **options)
        context.add_cookies([{"name": "sessionid", "value": self.session, "url": site}])
        return context.new_page()


def make_wearers(launcher: Launcher) -> Iterator[Wearer]:
    for start in count(step=AT_ONCE):
        emails = [f"own-{start + number}@example.org" for number in range(AT_ONCE)]
        said = launcher.shell(MAKE.format(table=WARDROBE, emails=emails, zone=ZONE))
        yield from map(Wearer, emails, said.split())


def open_piece(page: Page, name: str) -> None:
    page.goto(f"/wardrobe/?q={name}")
    page.locator("#rack .garment__name a").first.click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_attached()
