from django.apps import AppConfig


class PublicSiteConfig(AppConfig):
    name = "wardlight.public_site"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Public site"
