from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "wardlight.places"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Places"
