from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "wardlight.partners"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Partners"
