"""The shipped rule of unowned garments becomes one of whatever a task must never show, at any traffic."""

from typing import Any

from django.db import migrations, models

SHIPPED: dict[str, Any] = {
    "key": "shown-unowned",
    "name": "Named, not owned",
    "measure": "shown",
    "code": "unowned_item",
    "task": "",
    "window_minutes": 60,
    "objective": 1e-5,
    "compared_with": "",
    "p_value": 0.001,
    "min_bad": 1,
}
"""As it came with the code. One that an operator changed stays as it is."""
NOW = {
    "key": "never-shown",
    "name": "Shown, what must never be",
    "measure": "never_shown",
    "code": "",
    "objective": 0.02,
}


def watch_all(apps: Any, schema_editor: Any) -> None:
    rules = apps.get_model("monitoring", "AlertRule").objects
    if not rules.filter(name=NOW["name"]).exists():
        rules.filter(**SHIPPED).update(**NOW)


def watch_one(apps: Any, schema_editor: Any) -> None:
    """Back: the code before knows no other measure."""
    rules = apps.get_model("monitoring", "AlertRule").objects
    if not rules.filter(name=SHIPPED["name"]).exists():
        rules.filter(key=NOW["key"]).update(**SHIPPED)
    rules.filter(measure=NOW["measure"]).update(measure="shown", code=SHIPPED["code"])


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0008_count_errors")]

    operations = [
        migrations.AlterField(
            model_name="alertrule",
            name="measure",
            field=models.CharField(
                choices=[
                    ("failed", "Calls that failed"),
                    ("slow", "Answers outside the latency goal"),
                    ("shown", "Answers shown with a fault"),
                    ("never_shown", "Answers shown with what must never be shown"),
                    ("withheld", "Answers with a fault that nobody saw"),
                    ("corrected", "Answers that wearers corrected"),
                    ("burn", "Calls that failed, by burn rate"),
                    ("absence", "No calls at all"),
                    ("queue", "Photos that wait for too long"),
                    ("drift", "Data that drifted"),
                    ("new_value", "Values that were never seen"),
                    ("probe", "Engines that do not answer the probe"),
                ],
                max_length=16,
                verbose_name="watches",
            ),
        ),
        migrations.RunPython(watch_all, watch_one),
    ]
