"""What wearers are told, and when: at their own hour, once, in every zone and across changes of the clocks."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import NotificationChoices, User
from accounts.push.subscriptions import add
from dresscode.environment.reading import make_vapid_key
from feedback.models import Rating
from feedback.services.ratings import rate_outfit, withdraw_verdict
from styling import jobs
from styling.models import Event, Plan, Suggestion
from styling.morning.due import claim_morning, list_mornings, list_turned
from styling.morning.links import make_wear_link
from styling.morning.telling import make_back, tell_morning, tell_turned
from styling.weather.model import stated_weather
from tests.accounts.test_push import Browser
from tests.factories import load_prompts, make_garment
from tests.fakes_outside import Outside, serve_outside
from tests.styling.conftest import ask_for_outfit
from tests.styling.test_calendar_subscriptions import work
from tests.styling.test_outfit_page import finish
from wardrobe.models import Care, Garment, Wear
from wardrobe.services.care import bring_back, expect_back, send_away
from wardrobe.services.wears import log_wear

pytestmark = pytest.mark.django_db

SMTP_NOWHERE = "django.core.mail.backends.smtp.EmailBackend"


def want(user: User, **fields: Any) -> NotificationChoices:
    return NotificationChoices.objects.create(user=user, **{"morning": True, "at": time(7, 15), **fields})  # fmt: skip


def told_at(zone: str, user: User, start: datetime, hours: int = 30) -> list[str]:
    """The clock of the wearer at each round, five minutes apart, in which they would be told; each time they are."""
    found = []
    for step in range(hours * 12):
        now = start + timedelta(minutes=5 * step)
        for key, day in list_mornings(now):
            if key == user.pk and claim_morning(key, day):
                found.append(f"{now.astimezone(ZoneInfo(zone)):%a %H:%M}")
    return found


# When


def test_nobody_is_told_anything_who_did_not_ask(alice: User, client: Client) -> None:
    client.force_login(alice)
    client.get("/you/notifications/")
    now = timezone.now()
    assert list(list_mornings(now)) == [] and list_turned(now) == []
    want(alice, morning=False, at=now.time())
    assert list(list_mornings(now)) == []


@pytest.mark.parametrize("zone", ["Europe/Lisbon", "Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Pago_Pago"])  # fmt: skip
def test_once_a_day_at_ones_own_hour(alice: User, zone: str) -> None:
    alice.live_in(zone)
    want(alice)
    start = datetime(2026, 11, 30, 0, 0, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    assert told_at(zone, alice, start, hours=48) == ["Mon 07:15", "Tue 07:15"]


def test_an_hour_that_the_clocks_leave_out_comes_with_the_next(alice: User) -> None:
    alice.live_in("Europe/Berlin")
    want(alice, at=time(2, 30))
    start = datetime(2026, 3, 29, 0, 0, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
    assert told_at("Europe/Berlin", alice, start, hours=20) == ["Sun 03:00"]


def test_an_hour_that_the_clocks_repeat_tells_once(alice: User) -> None:
    alice.live_in("Europe/Berlin")
    want(alice, at=time(2, 30))
    start = datetime(2026, 10, 25, 0, 0, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
    assert told_at("Europe/Berlin", alice, start, hours=20) == ["Sun 02:30"]


@pytest.mark.parametrize(("hour", "is_told"), [(7, False), (8, True), (9, True), (10, False), (23, False)])  # fmt: skip
def test_a_scheduler_that_was_away_tells_late_by_two_hours_at_most(
    alice: User, hour: int, is_told: bool
) -> None:
    want(alice, at=time(7, 30))
    now = datetime(2026, 11, 30, hour, 15, tzinfo=UTC)
    assert bool(list(list_mornings(now))) == is_told


def test_what_is_late_at_night_is_not_told_the_next_day(alice: User) -> None:
    want(alice, at=time(23, 30))
    assert list(list_mornings(datetime(2026, 12, 1, 0, 15, tzinfo=UTC))) == []
    want_early = NotificationChoices.objects.filter(pk=alice.pk)
    want_early.update(at=time(0, 0))
    assert list(list_mornings(datetime(2026, 12, 1, 0, 15, tzinfo=UTC)))


def test_days_off_are_quiet(alice: User) -> None:
    want(alice, quiet_days=[5, 6])
    monday = datetime(2026, 11, 30, 7, 20, tzinfo=UTC)
    assert [bool(list(list_mornings(monday + timedelta(days=day)))) for day in range(7)] == [True] * 5 + [False] * 2  # fmt: skip


def test_two_schedulers_tell_once(alice: User) -> None:
    want(alice)
    day = date(2026, 11, 30)
    assert claim_morning(alice.pk, day)
    assert claim_morning(alice.pk, day) is None


def test_a_closed_account_is_told_nothing(alice: User) -> None:
    want(alice)
    User.objects.update(is_active=False)
    assert list(list_mornings(datetime(2026, 11, 30, 7, 20, tzinfo=UTC))) == []


# What


@pytest.fixture
def service(settings: Any) -> Iterator[Outside]:
    settings.WEARER_NETWORKS = ["127.0.0.0/8"]
    settings.VAPID_PRIVATE_KEY = make_vapid_key()
    with serve_outside() as outside:
        outside.reply = lambda asked: (201, {}, b"")
        yield outside


@pytest.fixture
def browser(alice: User, service: Outside) -> Browser:
    browser = Browser()
    add(alice, endpoint=f"{service.url}/alice", **browser.keys)
    return browser


def plan_today(alice: User, clothes: list[Garment]) -> Suggestion:
    one = finish(ask_for_outfit(alice, date=alice.today), clothes)
    rate_outfit(suggestion=one, verdict=Rating.Verdict.ACCEPTED)
    return one


def test_the_planned_outfit_is_told_with_the_sky(
    alice: User, clothes: list[Garment], browser: Browser, service: Outside
) -> None:
    want(alice)
    one = plan_today(alice, clothes)
    assert tell_morning(alice.pk, alice.today)
    told = browser.read(service.asked[0].body)
    assert told["title"] == "Today: casual"
    assert told["body"] == "Navy shirt, grey trousers, brown boots. Mild and dry, as you said."
    assert told["url"] == f"/outfits/{one.pk}/" and told["wear"] == ""
    assert not tell_morning(alice.pk, alice.today)
    assert len(service.asked) == 1 and mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_where_nothing_is_planned_the_stylist_is_asked_and_one_tap_wears_it(
    alice: User, clothes: list[Garment], browser: Browser, service: Outside
) -> None:
    load_prompts()
    now = timezone.now()
    want(alice, at=max(time(0), (now - timedelta(minutes=1)).time()))
    assert jobs.tell_wearers_job() == 1
    work()
    told = browser.read(service.asked[0].body)
    outfit = Suggestion.objects.get()
    assert outfit.status == "ready" and "avy shirt" in told["body"]
    assert told["again"] == f"/today/?like={outfit.pk}"
    anybody = Client(enforce_csrf_checks=True)
    path = told["wear"].removeprefix("http://localhost:8000")
    assert "Navy shirt" not in anybody.get(path).text
    outfit.refresh_from_db()
    assert outfit.verdict == "", "looking at a link does nothing"
    assert "Noted as worn." in anybody.post(path).text
    outfit.refresh_from_db()
    assert outfit.verdict == "accepted" and Wear.objects.filter(day=alice.today).count() == 3
    assert jobs.tell_wearers_job() == 0


@pytest.mark.django_db(transaction=True)
def test_the_morning_and_its_answer_are_in_the_language_of_their_wearer(
    alice: User, clothes: list[Garment]
) -> None:
    """Though a job speaks none."""
    load_prompts()
    User.objects.filter(pk=alice.pk).update(language="de")
    want(alice)
    assert tell_morning(alice.pk, alice.today)
    suggestion = Suggestion.objects.get()
    assert suggestion.known["language"] == "de" and suggestion.checked["language"] == "de"
    assert " du " in suggestion.prose.casefold() or "vorhersage" in suggestion.prose.casefold()
    assert suggestion.reasons[0].startswith(("Zusammen", "Lagen"))


def test_without_a_browser_it_comes_by_mail(alice: User, clothes: list[Garment]) -> None:
    want(alice)
    plan_today(alice, clothes)
    assert tell_morning(alice.pk, alice.today)
    (letter,) = mail.outbox
    assert letter.to == ["alice@example.org"] and letter.subject == "Today: casual"
    assert "Navy shirt" in letter.body and "/you/notifications/" in letter.body


def test_a_browser_that_is_gone_leaves_it_to_the_mail(
    alice: User, clothes: list[Garment], browser: Browser, service: Outside
) -> None:
    service.reply = lambda asked: (410, {}, b"")
    want(alice)
    plan_today(alice, clothes)
    assert tell_morning(alice.pk, alice.today) and len(mail.outbox) == 1


def test_a_site_that_sends_no_mail_writes_none_into_its_log(
    alice: User, clothes: list[Garment], settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    want(alice)
    plan_today(alice, clothes)
    assert not tell_morning(alice.pk, alice.today)
    assert "Navy" not in capsys.readouterr().out


def test_nothing_to_wear_is_no_news(alice: User) -> None:
    want(alice)
    assert not tell_morning(alice.pk, alice.today) and mail.outbox == []


def test_what_is_due_for_the_wash_is_told_once_a_week(alice: User) -> None:
    choices = want(alice, morning=False, wash=True)
    shirt = make_garment(alice, type="t-shirt")
    assert not tell_morning(alice.pk, alice.today)
    log_wear(shirt, day=alice.today)
    NotificationChoices.objects.update(morning_told_on=None)
    assert tell_morning(alice.pk, alice.today)
    assert mail.outbox[0].subject == "Laundry" and "One piece is due" in mail.outbox[0].body
    NotificationChoices.objects.update(morning_told_on=None)
    assert not tell_morning(alice.pk, alice.today)
    NotificationChoices.objects.update(
        morning_told_on=None, wash_told_on=alice.today - timedelta(days=7)
    )
    assert tell_morning(choices.pk, alice.today)


def test_what_should_be_back_is_told_once_and_again_after_another_day(alice: User) -> None:
    want(alice, morning=False, wash=True)
    coat = make_garment(alice, name="Camel coat")
    care = send_away(coat, kind=Care.Kind.REPAIR, until=alice.today)
    for days, is_told in ((0, False), (1, True), (2, False)):
        assert tell_morning(alice.pk, alice.today + timedelta(days=days)) == is_told
    assert "should be back by now: Camel coat." in mail.outbox[0].body
    assert "/wardrobe/laundry/#away" in mail.outbox[0].body
    expect_back(care, until=alice.today + timedelta(days=7))
    assert not tell_morning(alice.pk, alice.today + timedelta(days=7))
    assert tell_morning(alice.pk, alice.today + timedelta(days=8))


def test_what_nobody_took_is_told_the_next_morning(
    alice: User, clothes: list[Garment], settings: Any
) -> None:
    want(alice, wash=True)
    tomorrow = alice.today + timedelta(days=1)
    log_wear(make_garment(alice, type="t-shirt"), day=alice.today)
    send_away(make_garment(alice), kind=Care.Kind.LENT, until=alice.today - timedelta(days=1))
    turned = turn(alice, clothes, ahead=0)
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, SMTP_NOWHERE
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert not tell_morning(alice.pk, alice.today)
    assert Plan.objects.get(suggestion=turned).told_at is None
    settings.EMAIL_BACKEND = working
    assert not tell_morning(alice.pk, alice.today)  # One try a morning.
    assert tell_morning(alice.pk, tomorrow)
    [letter] = mail.outbox
    assert "due for the wash" in letter.body and "should be back by now" in letter.body


def test_what_is_back_or_wanted_by_nobody_is_no_news(alice: User) -> None:
    want(alice, morning=True, wash=False)
    care = send_away(make_garment(alice), kind=Care.Kind.LENT, until=alice.today)
    tomorrow = alice.today + timedelta(days=1)
    assert make_back(alice, alice.today) is None
    assert not tell_morning(alice.pk, tomorrow) and mail.outbox == []
    bring_back(care)
    assert make_back(alice, tomorrow) is None


# One tap


def path_of(suggestion: Suggestion) -> str:
    return make_wear_link(suggestion).removeprefix("http://localhost:8000")


def test_a_link_does_its_one_act_for_its_day_and_is_no_session(
    alice: User, charlie: User, suggestion: Suggestion, clothes: list[Garment], client: Client
) -> None:
    one = finish(suggestion, clothes)
    path = path_of(one)
    client.force_login(charlie)
    client.post(path)
    one.refresh_from_db()
    assert (one.verdict, one.owner) == ("accepted", alice)
    assert client.get(f"/outfits/{one.pk}/").status_code == 404
    visitor = Client()
    visitor.get(path)
    assert visitor.get(f"/outfits/{one.pk}/").status_code == 302
    withdraw_verdict(one)
    Event.objects.filter(pk=one.event_id).update(date=alice.today + timedelta(days=5))
    assert visitor.post(path).status_code == 404


def test_what_a_link_did_is_taken_back_on_its_page(
    suggestion: Suggestion, clothes: list[Garment]
) -> None:
    one, visitor = finish(suggestion, clothes), Client()
    path = path_of(one)
    undo = find_undo(visitor.post(path).text)
    visitor.post(undo)
    one.refresh_from_db()
    assert one.verdict == ""
    visitor.post(undo)
    one.refresh_from_db()
    assert one.verdict == "", "an undo wears nothing"
    visitor.post(path)
    assert not find_undo(visitor.get(path).text), "only what was done just now"


def test_an_undo_on_the_page_of_a_link_puts_back_what_was_said_before(
    suggestion: Suggestion, clothes: list[Garment]
) -> None:
    one, visitor = finish(suggestion, clothes), Client()
    rate_outfit(suggestion=one, verdict=Rating.Verdict.REJECTED, reasons=["too_cold"])
    visitor.post(find_undo(visitor.post(path_of(one)).text))
    rating = Rating.objects.get(suggestion=one)
    assert (rating.verdict, rating.reasons) == ("rejected", ["too_cold"])


def test_what_was_said_in_words_stands_in_no_session_that_is_nobodys(
    suggestion: Suggestion, clothes: list[Garment]
) -> None:
    one, visitor = finish(suggestion, clothes), Client()
    rate_outfit(suggestion=one, verdict=Rating.Verdict.REJECTED, comment="Brr")
    assert not find_undo(visitor.post(path_of(one)).text)
    assert "Brr" not in str(dict(visitor.session))


def test_whoever_has_a_link_takes_back_nothing_that_they_did_not_do(
    suggestion: Suggestion, clothes: list[Garment]
) -> None:
    one = finish(suggestion, clothes)
    path, visitor = path_of(one), Client()
    undo = find_undo(visitor.post(path).text)
    for address in (f"{path}?undo", undo):
        assert Client().post(address, {"undo": "1"}).status_code == 404
    one.refresh_from_db()
    assert one.verdict == "accepted"


def find_undo(page: str) -> str:
    found = re.search(r'action="([^"]+\?undo=\w+)"', page)
    return found[1] if found else ""


def test_forged_and_old_links_do_nothing(
    suggestion: Suggestion, clothes: list[Garment], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = path_of(finish(suggestion, clothes))
    assert client.post(path[:-2] + "x/").status_code == 404
    assert client.post("/wear/nonsense/").status_code == 404
    monkeypatch.setattr("styling.morning.links.VALID_FOR", timedelta(seconds=-1))
    assert client.post(path).status_code == 404
    suggestion.refresh_from_db()
    assert suggestion.verdict == ""


# The sky


def turn(alice: User, clothes: list[Garment], *, ahead: int = 2) -> Suggestion:
    one = finish(ask_for_outfit(alice, date=alice.today + timedelta(days=ahead)), clothes)
    rate_outfit(suggestion=one, verdict=Rating.Verdict.ACCEPTED)
    sky = replace(stated_weather("chilly", "rainy"), sentence="Chilly, with rain.")
    Plan.objects.create(suggestion=one, owner=alice, turned="wetter", forecast=sky.to_json())
    return one


def noon(alice: User, hour: int = 12) -> datetime:
    return datetime.combine(alice.today, time(hour), alice.zone)


def test_a_sky_that_turned_is_told_by_day_once_and_only_if_wanted(
    alice: User, clothes: list[Garment]
) -> None:
    turn(alice, clothes)
    assert list_turned(noon(alice)) == []
    choices = want(alice, morning=False, sky=True)
    assert list_turned(noon(alice, 6)) == list_turned(noon(alice, 22)) == []
    assert list_turned(noon(alice)) == [alice.pk]
    choices.quiet_days = [alice.today.weekday()]
    choices.save()
    assert list_turned(noon(alice)) == []
    assert tell_turned(alice.pk) == 1 and tell_turned(alice.pk) == 0
    assert "Rain came in" in mail.outbox[0].body and "Chilly, with rain." in mail.outbox[0].body


def test_a_sky_of_next_week_or_of_a_plan_that_is_kept_is_no_news(
    alice: User, clothes: list[Garment]
) -> None:
    want(alice, sky=True)
    turn(alice, clothes, ahead=5)
    kept = turn(alice, clothes)
    Plan.objects.filter(pk=kept.pk).update(is_kept=True)
    assert list_turned(noon(alice)) == []


# The page


def test_choices_are_kept(alice: User, client: Client) -> None:
    client.force_login(alice)
    told = {"morning": "on", "at": "06:45", "quiet_days": ["5", "6"]}
    client.post("/you/notifications/", told)
    kept = NotificationChoices.objects.get(user=alice)
    assert (kept.morning, kept.sky, kept.wash, kept.at, kept.quiet_days) == (True, False, False, time(6, 45), [5, 6])  # fmt: skip
    assert client.post("/you/notifications/", {**told, "at": "25:00"}).status_code == 422
    assert client.post("/you/notifications/", {**told, "quiet_days": ["9"]}).status_code == 422
