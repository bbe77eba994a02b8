"""A calendar elsewhere becomes occasions: how it is fetched, unfolded, and read by the wearer's rules."""

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from django_rq import get_queue
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from rq.timeouts import JobTimeoutException

from accounts.models import User
from styling import jobs
from styling.calendars import rules, subscriptions
from styling.calendars.reading import MOST_OCCURRENCES, NotACalendarError, Reading, read_calendar
from styling.models import CalendarOccasion, OccasionRule, Subscription
from tests.fakes_outside import Asked, Outside, serve_outside

pytestmark = pytest.mark.django_db
LISBON = ZoneInfo("Europe/Lisbon")
MARCH = date(2026, 3, 23)
"""A Monday; the clocks change on the 29th."""


def make_calendar(*events: str) -> bytes:
    wrapped = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//EN\nX-WR-CALNAME:Work\n{wrapped}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def read(*events: str, first: date = MARCH, days: int = 14) -> Reading:
    return read_calendar(make_calendar(*events), first=first, days=days, zone=LISBON)


def say(reading: Reading) -> list[str]:
    return [f"{one.title} {one.date:%d} {one.starts_at:%H:%M}-{one.ends_at:%H:%M}" for one in reading.occurrences]  # fmt: skip


# Unfolding

WEEKLY = (
    "UID:1\nSUMMARY:Stand-up\nDTSTART;TZID=Europe/Berlin:20260105T090000\n"
    "DTEND;TZID=Europe/Berlin:20260105T093000\nRRULE:FREQ=WEEKLY"
)


def test_a_series_is_unfolded_by_the_wearers_clock_across_its_change() -> None:
    assert say(read(WEEKLY)) == ["Stand-up 23 08:00-08:30", "Stand-up 30 08:00-08:30"]
    new_york = WEEKLY.replace("Europe/Berlin", "America/New_York")
    assert say(read(new_york)) == ["Stand-up 23 13:00-13:30", "Stand-up 30 14:00-14:30"]


def test_moved_and_cancelled_instances_are_as_their_calendar_says() -> None:
    moved = (
        "UID:1\nRECURRENCE-ID;TZID=Europe/Berlin:20260323T090000\nSUMMARY:Later\n"
        "DTSTART;TZID=Europe/Berlin:20260324T110000\nDTEND;TZID=Europe/Berlin:20260324T113000"
    )
    cancelled = (
        "UID:1\nRECURRENCE-ID;TZID=Europe/Berlin:20260330T090000\nSTATUS:CANCELLED\n"
        "DTSTART;TZID=Europe/Berlin:20260330T090000"
    )
    assert say(read(WEEKLY, moved, cancelled)) == ["Later 24 10:00-10:30"]
    without = WEEKLY + "\nEXDATE;TZID=Europe/Berlin:20260330T090000"
    assert say(read(without)) == ["Stand-up 23 08:00-08:30"]


def test_an_instance_keeps_its_key_wherever_it_moves() -> None:
    moved = (
        "UID:1\nRECURRENCE-ID;TZID=Europe/Berlin:20260323T090000\nSUMMARY:Later\n"
        "DTSTART;TZID=Europe/Berlin:20260324T110000\nDTEND;TZID=Europe/Berlin:20260324T113000"
    )
    again = moved.replace("20260324", "20260326")
    assert read(WEEKLY, moved).occurrences[0].key == read(WEEKLY, again).occurrences[0].key
    keys = [one.key for one in read(WEEKLY).occurrences]
    assert len(set(keys)) == 2


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("DTSTART:20260329T190000\nDURATION:PT2H", ["E 29 19:00-21:00"]),
        ("DTSTART:20260329T190000Z\nDTEND:20260330T010000Z", ["E 29 20:00-02:00"]),
        ("DTSTART:20260326T190000", ["E 26 19:00-20:00"]),
        ("DTSTART;VALUE=DATE:20260325\nDTEND;VALUE=DATE:20260327", ["E 25 09:00-18:00", "E 26 09:00-18:00"]),
        ("DTSTART;TZID=Pacific Standard Time:20260326T090000\nDTEND;TZID=Pacific Standard Time:20260326T100000", ["E 26 16:00-17:00"]),
        ("DTSTART:20260325T220000\nDTEND:20260327T020000", ["E 25 09:00-18:00", "E 26 09:00-18:00", "E 27 09:00-18:00"]),
        ("DTSTART:20260325T000000\nDTEND:20260326T000000", ["E 25 09:00-18:00"]),
        ("DTSTART:20260329T000000\nDTEND:20260330T000000", ["E 29 09:00-18:00"]),
        ("DTSTART:20260325T130000\nDTEND:20260327T000000", ["E 25 09:00-18:00", "E 26 09:00-18:00"]),
        ("DTSTART:20260325T100000\nDTEND:20260326T100000", ["E 25 09:00-18:00", "E 26 09:00-18:00"]),
        ("DTSTART:20260326T190010\nDTEND:20260326T190050", ["E 26 19:00-20:00"]),
        ("DTSTART:20260326T200000\nDTEND:20260327T000000", ["E 26 20:00-00:00"]),
        ("STATUS:CANCELLED\nDTSTART:20260326T090000", []),
        ("DTSTART:20260101T090000", []),
    ],
)  # fmt: skip
def test_times_are_the_wearers(event: str, said: list[str]) -> None:
    assert say(read(f"UID:2\nSUMMARY:E\n{event}")) == said


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYSECOND=0,1,2,3",
        "FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=0,30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=4;BYMONTHDAY=31",
    ],
)
def test_what_recurs_more_often_than_anybody_dresses_or_never_is_passed_by(rule: str) -> None:
    reading = read(f"UID:3\nSUMMARY:E\nDTSTART:20260101T000000\nRRULE:{rule}", WEEKLY)
    assert (reading.skipped, len(reading.occurrences)) == (1, 2)


def test_leap_days_and_thirty_firsts_recur() -> None:
    leap = "UID:4\nSUMMARY:E\nDTSTART:20200229T090000\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"
    last = "UID:5\nSUMMARY:E\nDTSTART:20200331T090000\nRRULE:FREQ=YEARLY;BYMONTH=3,8;BYMONTHDAY=31"
    assert (read(leap).skipped, say(read(last))) == (0, ["E 31 09:00-10:00"])


def test_there_is_an_end_to_what_is_read() -> None:
    events = [f"UID:{n}\nSUMMARY:E\nDTSTART:20260325T090000" for n in range(MOST_OCCURRENCES + 50)]
    reading = read(*events)
    assert (len(reading.occurrences), reading.skipped) == (MOST_OCCURRENCES, 1)
    long = read("UID:6\nSUMMARY:E\nDTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20270101", days=60, first=date(2026, 1, 1))  # fmt: skip
    assert len(long.occurrences) == 14


@pytest.mark.parametrize(
    "body", [b"", b"<html>Sign in</html>", b"\xff\xfe\x00", b"BEGIN:VCALENDAR"]
)
def test_what_is_no_calendar_is_refused(body: bytes) -> None:
    with pytest.raises(NotACalendarError):
        read_calendar(body, first=MARCH, days=14, zone=LISBON)


# Rules


def test_the_first_rule_with_a_whole_word_of_the_title_counts(alice: User) -> None:
    rules.begin(alice)
    rules.add_rule(alice, words="brunch club", kind="casual")
    mine = rules.list_rules(alice)
    kinds = {title: rules.find_kind(title, mine) for title in ("Trail RUN", "Brunch", "Dentist", "Team meeting, then dinner")}  # fmt: skip
    assert kinds == {"Trail RUN": "sports", "Brunch": "smart_casual", "Dentist": "", "Team meeting, then dinner": "business"}  # fmt: skip
    rules.begin(alice)
    assert len(rules.list_rules(alice)) == len(rules.FIRST_RULES) + 1


@pytest.fixture
def page(alice: User, client: Client) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def outside(settings: Any) -> Iterator[Outside]:
    settings.WEARER_NETWORKS = ["127.0.0.0/8"]
    with serve_outside() as outside:
        yield outside


def serve(outside: Outside, *events: str, **headers: str) -> None:
    body = make_calendar(*events)
    outside.reply = lambda asked: (200, {name.replace("_", "-"): value for name, value in headers.items()}, body)  # fmt: skip


def soon(owner: User, title: str, *, ahead: int = 2, uid: str = "7") -> str:
    day = owner.today + timedelta(days=ahead)
    return f"UID:{uid}\nSUMMARY:{title}\nDTSTART:{day:%Y%m%d}T190000\nDTEND:{day:%Y%m%d}T220000"


def subscribe(page: Client, outside: Outside) -> Subscription:
    answer = page.post("/outfits/calendars/subscribe/", {"url": f"{outside.url}/secret.ics"})
    assert answer.status_code == 302
    work()
    return Subscription.objects.get()


def work() -> None:
    """Whatever is in the queue, as a worker does it."""
    queue = get_queue("maintenance")
    SimpleWorker([queue], connection=queue.connection, serializer=JSONSerializer).work(burst=True)


def due_again() -> None:
    Subscription.objects.update(next_look_at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_a_subscription_is_read_by_a_job_and_its_events_dress_the_wearer(
    page: Client, alice: User, outside: Outside
) -> None:
    serve(outside, soon(alice, "Dinner with Sam"), soon(alice, "Dentist", uid="8"))
    subscription = subscribe(page, outside)
    assert (subscription.failure, subscription.name) == ("", "Work")
    kinds = dict(CalendarOccasion.objects.values_list("title", "kind"))
    assert kinds == {"Dinner with Sam": "date_night", "Dentist": ""}
    shown = page.get("/outfits/calendars/").text
    assert "Dinner with Sam" in shown and "nothing to dress for" in shown
    assert "secret.ics" not in shown
    day = page.get(f"/outfits/day/{alice.today + timedelta(days=2)}/").text
    assert "Dress me for it" in day and "Dentist" not in day
    occasion = CalendarOccasion.objects.get(kind="date_night")
    form = page.get("/today/", {"occasion": occasion.pk}).context["form"]
    assert form.initial["kind"] == "date_night" and form.initial["starts_at"].hour == 19


@pytest.mark.django_db(transaction=True)
def test_rules_are_edited_ordered_removed_and_brought_back_and_the_preview_follows(
    page: Client, alice: User, outside: Outside
) -> None:
    serve(outside, soon(alice, "Dinner at the office"))
    subscribe(page, outside)
    kind = CalendarOccasion.objects.get
    assert kind().kind == "business"
    dinner = OccasionRule.objects.get(words__contains="dinner")
    page.post(f"/outfits/calendars/rules/{dinner.pk}/move/")
    assert kind().kind == "date_night"
    page.post(f"/outfits/calendars/rules/{dinner.pk}/", {"words": "dinner", "kind": "formal"})
    assert kind().kind == "formal" and "formal" in page.get("/outfits/calendars/").text
    removed = page.post(f"/outfits/calendars/rules/{dinner.pk}/remove/", follow=True)
    assert kind().kind == "business" and "?undo" in removed.text
    page.post(f"/outfits/calendars/rules/{dinner.pk}/remove/?undo")
    assert kind().kind == "formal"
    page.post("/outfits/calendars/rules/", {"words": "at the", "kind": ""})
    last = OccasionRule.objects.order_by("position").last()
    assert last
    for _ in range(len(rules.FIRST_RULES)):
        page.post(f"/outfits/calendars/rules/{last.pk}/move/")
    assert kind().kind == ""
    assert page.post("/outfits/calendars/rules/", {"words": " , ", "kind": ""}).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_what_is_unchanged_is_not_sent_again_until_the_day_is_another(
    page: Client, alice: User, outside: Outside
) -> None:
    serve(outside, soon(alice, "Dinner"), ETag='"one"', Last_Modified="Sun, 29 Nov 2026 10:00:00 GMT")  # fmt: skip
    subscription = subscribe(page, outside)
    outside.reply = lambda asked: (304, {}, b"")
    due_again()
    assert subscriptions.look(subscription.pk)
    assert outside.asked[-1].headers["if-none-match"] == '"one"'
    assert CalendarOccasion.objects.count() == 1
    Subscription.objects.update(read_on=alice.today - timedelta(days=1))
    due_again()
    serve(outside, soon(alice, "Dinner", ahead=3))
    subscriptions.look(subscription.pk)
    assert "if-none-match" not in outside.asked[-1].headers
    assert CalendarOccasion.objects.get().date == alice.today + timedelta(days=3)


@pytest.mark.django_db(transaction=True)
def test_who_moves_to_another_zone_has_an_unchanged_calendar_by_the_new_clock(
    page: Client, alice: User, outside: Outside
) -> None:
    late = soon(alice, "Dinner").replace("T190000", "T030000Z").replace("T220000", "T050000Z")
    serve(outside, late, ETag='"one"')
    subscription = subscribe(page, outside)
    assert CalendarOccasion.objects.get().starts_at.hour == 3
    whole = outside.reply
    outside.reply = lambda asked: (
        (304, {}, b"") if "if-none-match" in asked.headers else whole(asked)
    )
    assert page.post("/you/time-zone/", {"time_zone": "America/New_York"}).status_code == 200
    assert subscriptions.look(subscription.pk)
    occasion = CalendarOccasion.objects.get()
    assert occasion.date == alice.today + timedelta(days=1)
    assert occasion.starts_at.hour in {22, 23}  # In winter and in summer.


@pytest.mark.django_db(transaction=True)
def test_events_that_are_gone_go_and_those_that_stay_keep_their_row(
    page: Client, alice: User, outside: Outside
) -> None:
    serve(outside, soon(alice, "Dinner"), soon(alice, "Party", uid="8"))
    subscription = subscribe(page, outside)
    kept = CalendarOccasion.objects.get(title="Dinner").pk
    serve(outside, soon(alice, "Late dinner"))
    due_again()
    subscriptions.look(subscription.pk)
    assert [*CalendarOccasion.objects.values_list("pk", "title")] == [(kept, "Late dinner")]


@pytest.mark.django_db(transaction=True)
def test_a_calendar_that_fails_keeps_what_it_said_tells_the_wearer_and_is_asked_ever_later(
    page: Client, alice: User, outside: Outside, caplog: pytest.LogCaptureFixture
) -> None:
    serve(outside, soon(alice, "Dinner with Sam"))
    subscription = subscribe(page, outside)
    caplog.set_level(logging.DEBUG)
    for status, code in ((404, "not_found"), (403, "refused"), (500, "unreachable")):
        outside.reply = lambda asked, status=status: (status, {}, b"")  # type: ignore[misc]
        due_again()
        assert not subscriptions.look(subscription.pk)
        subscription.refresh_from_db()
        assert subscription.failure == code
    assert subscription.failures == 3
    assert subscription.next_look_at - timezone.now() > timedelta(hours=7)
    assert CalendarOccasion.objects.count() == 1
    assert "It did not answer." in page.get("/outfits/calendars/").text
    outside.reply = lambda asked: (200, {}, b"<html>Sign in, Sam</html>")
    due_again()
    subscriptions.look(subscription.pk)
    assert Subscription.objects.get().failure == "not_a_calendar"
    assert not any(word in caplog.text for word in ("Sam", "secret.ics", "Dinner"))


@pytest.mark.django_db(transaction=True)
def test_redirects_are_followed_three_times_and_checked_each_time(
    page: Client, alice: User, outside: Outside, settings: Any
) -> None:
    body = make_calendar(soon(alice, "Dinner"))

    def twice(asked: Asked) -> tuple[int, dict[str, str], bytes]:
        step = int(asked.path.strip("/") or 0) if asked.path != "/secret.ics" else 0
        return (302, {"Location": f"/{step + 1}"}, b"") if step < 2 else (200, {}, body)

    outside.reply = twice
    assert subscribe(page, outside).failure == ""
    outside.reply = lambda asked: (302, {"Location": asked.path}, b"")
    assert look_again() == "too_many_redirects"
    outside.reply = lambda asked: (302, {"Location": "http://169.254.169.254/latest"}, b"")
    assert look_again() == "forbidden"
    outside.reply = lambda asked: (302, {"Location": "file:///etc/passwd"}, b"")
    assert look_again() == "forbidden"


def look_again() -> str:
    due_again()
    subscriptions.look(Subscription.objects.get().pk)
    return Subscription.objects.get().failure


@pytest.mark.django_db(transaction=True)
def test_size_and_time_have_limits(
    page: Client, alice: User, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(outside, soon(alice, "Dinner"))
    subscribe(page, outside)
    with monkeypatch.context() as small:
        small.setattr(subscriptions, "MOST_BYTES", 100)
        assert look_again() == "too_large"
    with monkeypatch.context() as short:
        short.setattr(subscriptions, "TIMEOUT_S", 0.0)
        assert look_again() == "too_slow"


def test_a_file_that_takes_too_long_to_unfold_has_failed(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Subscription.objects.create(owner=alice, url="https://example.org/a.ics")

    def hang(pk: int) -> bool:
        raise JobTimeoutException

    monkeypatch.setattr(subscriptions, "look", hang)
    assert not jobs.look_at_calendar_job(one.pk)
    one.refresh_from_db()
    assert one.failure == "too_slow"


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/a.ics", "webcal://localhost/a.ics", "file:///etc/passwd", "https://a:b@93.184.216.34/", ""],
)  # fmt: skip
def test_an_address_that_leads_inside_is_refused(page: Client, url: str) -> None:
    assert page.post("/outfits/calendars/subscribe/", {"url": url}).status_code == 422
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1/a.ics", "Esa dirección no es pública"),
        ("webcal://localhost/a.ics", "Esa dirección no es pública"),
        ("javascript:alert(1)", "Esa no es la dirección de un calendario"),
        ("https://ana:secreto@93.184.216.34/a.ics", "Esa no es la dirección de un calendario"),
    ],
)
def test_why_an_address_is_refused_is_said_in_the_wearers_language(
    page: Client, url: str, why: str
) -> None:
    spanish = {"Accept-Language": "es"}
    answer = page.post("/outfits/calendars/subscribe/", {"url": url}, headers=spanish)
    assert why in answer.text
    assert "which is not public" not in answer.text and "it does not begin" not in answer.text


def test_webcal_is_https() -> None:
    assert subscriptions.spell_url(" webcal://example.org/a.ics ") == "https://example.org/a.ics"


def test_five_are_as_many_as_are_read(
    page: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        Subscription.objects.create(owner=alice, url=f"https://93.184.216.34/{number}.ics")
    answer = page.post("/outfits/calendars/subscribe/", {"url": "https://93.184.216.34/5.ics"})
    assert answer.status_code == 422 and Subscription.objects.count() == 5


def test_a_removed_calendar_takes_its_events_along_and_can_come_back_for_a_day(
    page: Client, alice: User
) -> None:
    one = Subscription.objects.create(owner=alice, url="https://93.184.216.34/a.ics")
    one.occasions.create(owner=alice, key="k", title="Dinner", date=alice.today, starts_at="19:00", ends_at="22:00")  # fmt: skip
    removed = page.post(f"/outfits/calendars/{one.pk}/remove/", follow=True)
    assert not CalendarOccasion.objects.exists() and "?undo" in removed.text
    assert subscriptions.list_due() == []
    page.post(f"/outfits/calendars/{one.pk}/remove/?undo")
    assert subscriptions.list_due() == [one.pk]
    page.post(f"/outfits/calendars/{one.pk}/remove/")
    Subscription.objects.update(removed_at=timezone.now() - timedelta(days=2))
    subscriptions.list_due()
    assert not Subscription.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_hourly_job_queues_each_that_is_due_once(alice: User) -> None:
    for number in range(3):
        Subscription.objects.create(owner=alice, url=f"https://example.org/{number}.ics")
    Subscription.objects.filter(url__endswith="2.ics").update(
        next_look_at=timezone.now() + timedelta(hours=1)
    )
    assert jobs.look_at_calendars_job() == jobs.look_at_calendars_job() == 2
    assert len(get_queue("maintenance").job_ids) == 2


def test_two_workers_do_not_read_one_calendar(alice: User) -> None:
    one = Subscription.objects.create(owner=alice, url="https://example.org/a.ics")
    assert subscriptions.claim(one.pk)
    assert subscriptions.claim(one.pk) is None


def test_charlie_finds_none_of_it(alice: User, charlie: User, client: Client) -> None:
    one = Subscription.objects.create(owner=alice, url="https://example.org/a.ics")
    rule = rules.add_rule(alice, words="dinner", kind="formal")
    occasion = one.occasions.create(owner=alice, key="k", title="Dinner", kind="formal", date=alice.today, starts_at="19:00", ends_at="22:00")  # fmt: skip
    client.force_login(charlie)
    for path in (f"{one.pk}/remove/", f"{one.pk}/look/", f"rules/{rule.pk}/", f"rules/{rule.pk}/remove/", f"rules/{rule.pk}/move/"):  # fmt: skip
        assert client.post(f"/outfits/calendars/{path}").status_code == 404
    assert client.get("/today/", {"occasion": occasion.pk}).context["form"].initial["kind"] != "formal"  # fmt: skip


def test_a_rule_that_another_tab_removed_is_not_said_to_be_saved(page: Client, alice: User) -> None:
    rule = rules.add_rule(alice, words="dinner", kind="formal")
    page.post(f"/outfits/calendars/rules/{rule.pk}/remove/")
    address, change = f"/outfits/calendars/rules/{rule.pk}/", {"words": "lunch", "kind": "casual"}
    told = [str(one) for one in page.post(address, change, follow=True).context["messages"]]
    assert "The rule is gone." in told and not [one for one in told if one.startswith("Saved")]
    rule.refresh_from_db()
    assert rule.words == "dinner"


def test_a_rule_of_many_is_shown_where_it_stands_after_each_change(
    page: Client, alice: User
) -> None:
    OccasionRule.objects.filter(owner=alice).delete()
    made = OccasionRule.objects.bulk_create(
        OccasionRule(owner=alice, position=n, words=f"word{n:02}", kind="business")
        for n in range(13)
    )
    last, address = made[12], "/outfits/calendars/rules/"
    first = page.get("/outfits/calendars/").text
    assert "word11" in first and "word12" not in first and 'href="?rules=2#rules"' in first
    second = page.get("/outfits/calendars/", {"rules": 2}).text
    assert "Words of rule 13" in second and "word11" not in second
    change = {"words": "word12", "kind": "casual"}
    assert (
        page.post(f"{address}{last.pk}/", change).headers["Location"]
        == "/outfits/calendars/?rules=2#rules"
    )
    moved = page.post(f"{address}{last.pk}/move/")
    assert moved.headers["Location"] == "/outfits/calendars/#rules", "it is the twelfth now"
    removed = page.post(f"{address}{made[11].pk}/remove/")
    assert removed.headers["Location"] == "/outfits/calendars/#rules", "no second page is left"
    added = page.post(address, {"words": "new", "kind": "casual"})
    assert added.headers["Location"] == "/outfits/calendars/?rules=2#rules"
