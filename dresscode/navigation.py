"""The admin's sidebar: by what an operator wants to do, not by app."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

Item = tuple[str, str, str]

# Title, Material symbol, model as app.Model.
GROUPS: dict[str, list[Item]] = {
    "Operations": [
        ("Prompts", "article", "registry.Prompt"),
        ("Versions", "history", "registry.PromptVersion"),
        ("Deployments", "rocket_launch", "registry.Deployment"),
        ("Canaries", "experiment", "registry.Canary"),
        ("Overrides", "gpp_bad", "registry.Override"),
        ("Thresholds", "rule", "registry.GateThresholds"),
        ("Golden datasets", "dataset", "registry.Dataset"),
        ("Evaluations", "fact_check", "registry.EvaluationRun"),
        ("Calls", "bolt", "registry.InferenceCall"),
    ],
    "Alerts": [
        ("Alerts", "notifications_active", "monitoring.Alert"),
        ("Rules", "rule_settings", "monitoring.AlertRule"),
        ("Webhooks", "webhook", "monitoring.WebhookEndpoint"),
    ],
    "People’s word": [
        ("Corrections", "edit_note", "feedback.Correction"),
        ("Ratings", "thumbs_up_down", "feedback.Rating"),
        ("Worn instead", "swap_horiz", "feedback.WornInstead"),
        ("Signals", "waving_hand", "feedback.GarmentSignal"),
    ],
    "Wardrobe": [
        ("Garments", "checkroom", "wardrobe.Garment"),
        ("Photos", "photo_camera", "wardrobe.Photo"),
        ("Upload events", "upload_file", "wardrobe.UploadEvent"),
        ("Photo features", "fingerprint", "wardrobe.PhotoFeatures"),
        ("Vocabulary", "menu_book", "wardrobe.VocabularyTerm"),
    ],
    "Styling": [
        ("Suggestions", "styler", "styling.Suggestion"),
        ("Events", "event", "styling.Event"),
        ("Weather features", "rainy", "styling.WeatherFeatures"),
        ("Profiles", "face", "styling.Profile"),
    ],
    "Accounts": [
        ("People", "group", "accounts.User"),
        ("Groups", "shield_person", "auth.Group"),
        ("Deletions", "person_remove", "own_data.Deletion"),
        ("API tokens", "key", "registry.ApiToken"),
        ("Failed sign-ins", "gpp_maybe", "axes.AccessAttempt"),
    ],
}


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Only what this operator may see."""
    groups = [
        {"title": title, "items": [as_item(*item) for item in items if may_see(request, item[2])]}
        for title, items in GROUPS.items()
    ]
    overview = {"title": "Overview", "icon": "monitoring", "link": reverse("admin:index")}
    drift = {"title": "Data drift", "icon": "ssid_chart", "link": reverse("monitoring:drift")}
    queues = {"title": "Queues", "icon": "low_priority", "link": reverse("django_rq:home")}
    pages = [overview, drift]
    if request.user.has_perm("registry.view_inferencecall"):
        latency, accuracy = reverse("monitoring:latency"), reverse("monitoring:accuracy")
        pages.append({"title": "Latency", "icon": "timer", "link": latency})
        pages.append({"title": "Accuracy", "icon": "target", "link": accuracy})
    groups[0]["items"] = [*pages, *groups[0]["items"]]
    if request.user.has_perm("feedback.view_correction"):
        lineage = {"title": "Lineage", "icon": "account_tree", "link": reverse("feedback:lineage")}
        people = next(group for group in groups if group["title"] == "People’s word")
        people["items"] = [lineage, *people["items"]]
    if request.user.has_perm("feedback.add_reviewdecision"):
        review = {"title": "Review", "icon": "rate_review", "link": reverse("feedback:review")}
        people = next(group for group in groups if group["title"] == "People’s word")
        people["items"] = [review, *people["items"]]
    if request.user.has_perm("feedback.retrain"):
        training = {
            "title": "Training runs",
            "icon": "school",
            "link": reverse("feedback:training"),
        }
        groups[0]["items"] = [*groups[0]["items"], training]
    if request.user.has_perm("django_rq.admin"):
        groups[0]["items"] = [*groups[0]["items"], queues]
    return [group for group in groups if group["items"]]


def as_item(title: str, icon: str, label: str) -> dict[str, Any]:
    model = apps.get_model(label)._meta
    name = f"admin:{model.app_label}_{model.model_name}_changelist"
    return {"title": title, "icon": icon, "link": reverse(name)}


def may_see(request: HttpRequest, label: str) -> bool:
    model = apps.get_model(label)
    if not admin.site.is_registered(model):
        return False
    return admin.site.get_model_admin(model).has_view_permission(request)
