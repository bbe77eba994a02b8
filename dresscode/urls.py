"""Every address: the apps' own, signing in under Django's names, the admin, and what is for machines."""

from importlib.util import find_spec

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import URLPattern, URLResolver, include, path

from dresscode import health, pages
from wardrobe.views import accounts

app_urls: list[URLPattern | URLResolver] = [
    path("", include(f"{app}.urls"))
    for app in ("wardrobe", "styling", "feedback", "monitoring")
    if find_spec(f"{app}.urls")
]

account_urls = [
    path("", accounts.home, name="home"),
    path("accounts/login/", accounts.SignInView.as_view(), name="login"),
    path("accounts/logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("accounts/password/", accounts.ChangePasswordView.as_view(), name="password_change"),
    path(
        "accounts/password-reset/",
        accounts.ForgottenPasswordView.as_view(),
        name="password_reset",
    ),
    path(
        "accounts/password-reset/sent/",
        auth_views.PasswordResetDoneView.as_view(),
        name="password_reset_done",
    ),
    path(
        "accounts/password-reset/<uidb64>/<token>/",
        accounts.NewPasswordView.as_view(),
        name="password_reset_confirm",
    ),
]

urlpatterns = [
    path("offline/", pages.offline, name="offline"),
    path("sw.js", pages.service_worker, name="service-worker"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("api/v1/", include("registry.urls")),
    *app_urls,
    *account_urls,
    path(f"{settings.ADMIN_PATH}jobs/", include("django_rq.urls")),
    path(settings.ADMIN_PATH, admin.site.urls),
]

handler500 = "dresscode.pages.server_error"
