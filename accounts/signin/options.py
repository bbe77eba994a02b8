"""The settings of passwords, django-axes and django-allauth that are the same everywhere, by their names."""

from typing import Any

VALIDATORS = "django.contrib.auth.password_validation"

SETTINGS: dict[str, Any] = {
    "AUTHENTICATION_BACKENDS": [
        "axes.backends.AxesStandaloneBackend",
        "django.contrib.auth.backends.ModelBackend",
    ],
    "AUTH_PASSWORD_VALIDATORS": [
        {"NAME": f"{VALIDATORS}.UserAttributeSimilarityValidator"},
        {"NAME": f"{VALIDATORS}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
        {"NAME": f"{VALIDATORS}.CommonPasswordValidator"},
    ],
    # Wrong tries are counted in Redis, by account, address and device (accounts/signin/budgets.py), and in PostgreSQL
    # by django-axes, for each account from each address: that goes on while Redis is away.
    "AXES_COOLOFF_TIME": 0.25,  # hours
    "AXES_USERNAME_FORM_FIELD": "username",  # Not the model's "email", which no form of Django's sends.
    "AXES_USERNAME_CALLABLE": "accounts.rate_limits.sign_in_name",
    "AXES_WHITELIST_CALLABLE": "accounts.signin.devices.is_counted",
    "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"]],
    "AXES_LOCKOUT_TEMPLATE": "registration/locked_out.html",
    "AXES_HTTP_RESPONSE_CODE": 429,
    "AXES_RESET_ON_SUCCESS": True,
    "AXES_DISABLE_ACCESS_LOG": True,
    # allauth has the second factor alone: signing up, in and out are ours.
    "ACCOUNT_ADAPTER": "accounts.second_factor.adapters.AccountAdapter",
    "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
    "ACCOUNT_LOGIN_METHODS": {"email"},
    "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*"],
    "ACCOUNT_EMAIL_VERIFICATION": "none",  # accounts/signin/confirming.py
    "ACCOUNT_RATE_LIMITS": False,  # Ours go on without Redis.
    "ACCOUNT_FORMS": {"reauthenticate": "accounts.second_factor.forms.AgainPasswordForm"},
    "MFA_ADAPTER": "accounts.second_factor.adapters.SecondFactorAdapter",
    "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
    "MFA_TOTP_TOLERANCE": 1,  # Steps of 30 seconds: clocks of phones go wrong.
    "MFA_FORMS": {
        "authenticate": "accounts.second_factor.forms.SignInCodeForm",
        "reauthenticate": "accounts.second_factor.forms.AgainCodeForm",
        "activate_totp": "accounts.second_factor.forms.SetUpCodeForm",
        "add_webauthn": "accounts.second_factor.forms.AddPasskeyForm",
        "edit_webauthn": "accounts.second_factor.forms.RenamePasskeyForm",
    },
}
