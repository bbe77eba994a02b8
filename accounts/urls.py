"""Signing in under the names that Django's own pages link to, so without a namespace."""

from allauth.account.views import reauthenticate
from django.contrib.auth import views as auth_views
from django.urls import include, path

from accounts import views
from accounts.languages.views import choose_language, show_words

urlpatterns = [
    path("", views.home, name="home"),
    path("sign-up/", views.sign_up, name="sign-up"),
    path("sign-up/sent/", views.confirm_email_sent, name="confirm-email-sent"),
    path("sign-up/confirm/<str:key>/", views.confirm_email, name="confirm-email"),
    path("accounts/login/", views.SignInView.as_view(), name="login"),
    path("accounts/logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("accounts/sign-out-everywhere/", views.sign_out_everywhere, name="sign-out-everywhere"),
    path("accounts/second-factor/", include("allauth.mfa.urls")),
    path("accounts/again/", reauthenticate, name="account_reauthenticate"),
    path("accounts/password/", views.ChangePasswordView.as_view(), name="password_change"),
    path(
        "accounts/password-reset/",
        views.ForgottenPasswordView.as_view(),
        name="password_reset",
    ),
    path(
        "accounts/password-reset/sent/",
        auth_views.PasswordResetDoneView.as_view(),
        name="password_reset_done",
    ),
    path(
        "accounts/password-reset/<uidb64>/<token>/",
        views.NewPasswordView.as_view(),
        name="password_reset_confirm",
    ),
    path("language/", choose_language, name="language"),
    path("words/<slug:language>.js", show_words, name="words"),
    # By these names allauth finds them.
    path("accounts/login/", views.SignInView.as_view(), name="account_login"),
    path("accounts/logout/", auth_views.LogoutView.as_view(), name="account_logout"),
]
