"""Makes the log of what was worn from what wearers said of outfits, and of the counts until now."""

from collections import defaultdict
from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.models import Max, Q
from django.utils import timezone

CHUNK = 500
EARLIER = "earlier"


def log_wears(apps, schema_editor):
    """No count changes, but for plans: what was accepted for a day to come counts on that day.

    A day that no outfit explains was worn before there was a log. The last date becomes the last that is known.
    """
    Garment = apps.get_model("wardrobe", "Garment")
    worn = Q(wear_count__gt=0) | Q(last_worn_on__isnull=False)
    keys = list(Garment.objects.filter(worn).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        chunk = Garment.objects.select_for_update(of=("self",)).select_related("owner")
        log_chunk(apps, list(chunk.filter(pk__in=keys[start : start + CHUNK]).order_by("pk")))


def log_chunk(apps, garments):
    Wear = apps.get_model("wardrobe", "Wear")
    said = find_said(apps, [garment.pk for garment in garments])
    rows = []
    for garment in garments:
        today = timezone.localdate(timezone=ZoneInfo(garment.owner.time_zone or "UTC"))
        made = [
            Wear(owner=garment.owner, garment=garment, **entry)
            for entry in explain(garment, said[garment.pk], today)
        ]
        planned = {wear.day for wear in made if wear.is_planned}
        garment.wear_count = max(garment.wear_count - len(planned), 0)
        garment.wears_since_wash = min(
            max(garment.wears_since_wash - len(planned), 0), garment.wear_count
        )
        garment.last_worn_on = max(
            (wear.day for wear in made if wear.day and not wear.is_planned), default=None
        )
        rows += made
    Wear.objects.bulk_create(rows)
    fields = ["wear_count", "wears_since_wash", "last_worn_on"]
    type(garments[0]).objects.bulk_update(garments, fields)


def find_said(apps, keys):
    """Of each garment the outfits that it was worn in: triples of day, suggestion and source."""
    pieces = apps.get_model("styling", "OutfitPiece").objects
    instead = apps.get_model("feedback", "WornInstead").garments.through.objects
    accepted = pieces.filter(garment__in=keys, suggestion__verdict="accepted")
    found = defaultdict(list)
    for key, day, origin in accepted.values_list(
        "garment", "suggestion__event__date", "suggestion"
    ):
        found[key].append((day, origin, "accepted"))
    for key, day, origin in instead.filter(garment__in=keys).values_list(
        "garment", "worninstead__suggestion__event__date", "worninstead__suggestion"
    ):
        found[key].append((day, origin, "instead"))
    return found


def explain(garment, said, today):
    """The entries of one garment, as fields. The newest `wears_since_wash` of its wears are unwashed."""
    planned = [one for one in said if one[0] > today]
    count = max(garment.wear_count - len({day for day, _, _ in planned}), 0)
    unwashed = max(garment.wears_since_wash - len({day for day, _, _ in planned}), 0)
    known = {day for day, _, _ in said if day <= today}
    last = garment.last_worn_on
    unknown = {last} - {None} - known if last is None or last <= today else set()
    days = sorted(known, reverse=True)[: max(count - len(unknown), 0)]
    entries = [describe(one, is_planned=True) for one in planned]
    for day in sorted({*days} | unknown, reverse=True):
        is_washed, unwashed = unwashed <= 0, unwashed - 1
        if day in unknown:
            entry = {"day": day, "source": EARLIER, "times": min(count, 1)}
            entries.append(entry | {"is_washed": is_washed})
        else:
            entries += [describe(one, is_washed=is_washed) for one in said if one[0] == day]
    rest = count - len(days) - min(count, len(unknown))
    dirty = min(max(unwashed, 0), rest)
    for times, is_washed in ((dirty, False), (rest - dirty, True)):
        if times:
            entry = {"day": None, "source": EARLIER, "times": times, "is_washed": is_washed}
            entries.append(entry)
    return entries


def describe(one, **more):
    day, origin, source = one
    return {"day": day, "origin": origin, "source": source, **more}


def forget_log(apps, schema_editor):
    """As before the log, a plan counts at once."""
    Garment = apps.get_model("wardrobe", "Garment")
    Wear = apps.get_model("wardrobe", "Wear")
    planned = Wear.objects.filter(is_planned=True).values("garment").annotate(last=Max("day"))
    for row in planned:
        garment = Garment.objects.get(pk=row["garment"])
        days = garment.wears.filter(is_planned=True).values("day").distinct().count()
        garment.wear_count += days
        garment.wears_since_wash += days
        garment.last_worn_on = row["last"]
        garment.save(update_fields=["wear_count", "wears_since_wash", "last_worn_on"])
    Wear.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0009_keep_few_shot_examples"),
        ("styling", "0003_live_by_the_home"),
        ("wardrobe", "0006_log_wears"),
    ]

    operations = [migrations.RunPython(log_wears, forget_log)]
