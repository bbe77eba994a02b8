"""Rights are given by superusers alone: staff with every permission on accounts neither take nor give any."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import PASSWORD, make_operator, make_user

pytestmark = pytest.mark.django_db

RIGHTS = {"is_staff": "on", "is_superuser": "on"}
NEW = "a quite different sentence"


@pytest.fixture
def helper() -> User:
    """Staff who may do everything with accounts, groups and permissions that a permission allows."""
    helper = make_user("helper@example.org", is_staff=True)
    helper.user_permissions.set(
        Permission.objects.filter(content_type__app_label__in=["accounts", "auth"])
    )
    return helper


@pytest.fixture
def as_helper(client: Client, helper: User) -> Client:
    client.force_login(helper)
    return client


@pytest.fixture
def boss() -> User:
    return make_operator("boss@example.org")


def address(name: str, *args: object) -> str:
    return reverse(f"admin:accounts_user_{name}", args=args)


def is_plain(account: User) -> bool:
    account.refresh_from_db()
    fields = [account.is_superuser, account.groups.exists(), account.user_permissions.exists()]
    return not any(fields)


def fields_of(account: User, **more: str) -> dict[str, str]:
    return {"email": account.email, "first_name": account.first_name, "is_active": "on", **more}


def password_address(account: User) -> str:
    return reverse("admin:auth_user_password_change", args=[account.pk])


def test_staff_do_not_make_themselves_superuser(as_helper, helper):
    assert (
        as_helper.post(address("change", helper.pk), fields_of(helper, **RIGHTS)).status_code == 403
    )
    helper.refresh_from_db()
    assert not helper.is_superuser


def test_staff_change_a_wearers_name_and_give_no_rights(as_helper):
    alice = make_user("alice@example.org")
    group = Group.objects.first()
    data = fields_of(alice, first_name="Alys", groups=str(group.pk), user_permissions="1", **RIGHTS)
    assert as_helper.post(address("change", alice.pk), data).status_code == 302
    alice.refresh_from_db()
    assert alice.first_name == "Alys"
    assert is_plain(alice) and not alice.is_staff


def test_the_page_of_a_wearer_offers_staff_no_rights_to_give(as_helper):
    page = as_helper.get(address("change", make_user().pk)).content.decode()
    assert 'name="first_name"' in page
    assert 'name="is_staff"' not in page and 'name="is_superuser"' not in page


def test_staff_add_wearers_and_nobody_with_rights(as_helper):
    data = {
        "email": "new@example.org",
        "usable_password": "true",
        "password1": NEW,
        "password2": NEW,
    }
    assert as_helper.post(address("add"), {**data, **RIGHTS, "groups": "1"}).status_code == 302
    added = User.objects.get(email="new@example.org")
    assert is_plain(added) and not added.is_staff


@pytest.mark.parametrize("rights", [{"is_staff": True}, {"is_superuser": True}])
def test_staff_touch_no_account_with_rights(as_helper, rights):
    other = make_user("other@example.org", **rights)
    assert as_helper.post(address("change", other.pk), fields_of(other)).status_code == 403
    assert as_helper.post(address("delete", other.pk), {"post": "yes"}).status_code == 403
    assert as_helper.get(address("history", other.pk)).status_code == 403
    assert User.objects.filter(pk=other.pk).exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_staff_set_no_operators_password(as_helper, boss, helper, method):
    data = {"usable_password": "true", "password1": NEW, "password2": NEW, "set-password": ""}
    for account in (boss, helper):
        assert getattr(as_helper, method)(password_address(account), data).status_code == 403
        account.refresh_from_db()
        assert account.check_password(PASSWORD)


def test_staff_delete_no_operators_among_many(as_helper, boss, helper):
    alice = make_user("alice@example.org")
    chosen = [boss.pk, helper.pk, alice.pk]
    data = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    as_helper.post(address("changelist"), data)
    assert User.objects.filter(pk__in=[boss.pk, helper.pk]).count() == 2


def test_staff_change_no_group(as_helper):
    group = Group.objects.first()
    before = group.permissions.count()
    change = reverse("admin:auth_group_change", args=[group.pk])
    data = {"name": "Mine", "permissions": [p.pk for p in Permission.objects.all()]}
    assert as_helper.get(change).status_code == 200  # They may look.
    assert as_helper.post(change, data).status_code == 403
    assert as_helper.post(reverse("admin:auth_group_add"), data).status_code == 403
    assert (
        as_helper.post(
            reverse("admin:auth_group_delete", args=[group.pk]), {"post": "yes"}
        ).status_code
        == 403
    )
    group.refresh_from_db()
    assert group.permissions.count() == before


def test_superusers_give_rights(client, boss):
    client.force_login(boss)
    alice, group = make_user("alice@example.org"), Group.objects.first()
    data = fields_of(alice, is_staff="on", groups=str(group.pk))
    assert client.post(address("change", alice.pk), data).status_code == 302
    alice.refresh_from_db()
    assert alice.is_staff and list(alice.groups.all()) == [group]
    assert client.get(address("history", alice.pk)).status_code == 200
    assert client.get(password_address(alice)).status_code == 200


def test_no_other_page_of_the_admin_writes_accounts_or_rights():
    """A model that points at accounts, groups or permissions by a form field could give what this file keeps."""
    from django.contrib import admin

    guarded = {User, Group, Permission, ContentType}
    writing = [
        type(page).__name__
        for model, page in admin.site._registry.items()
        for inline in page.inlines
        if inline.model in guarded or getattr(inline.model, "__name__", "").startswith("User_")
    ]
    assert writing == []
    assert {model for model in admin.site._registry if model in guarded} == {User, Group}
