from django.apps import AppConfig


class GovukConfig(AppConfig):
    name = "wardlight.govuk"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Govuk"
