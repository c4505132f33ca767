from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "wardlight.incidents"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Incidents"

    def ready(self) -> None:
        from wardlight.places.signals import boundaries_loaded

        from .receivers import on_boundaries_loaded

        boundaries_loaded.connect(on_boundaries_loaded, dispatch_uid="incidents place rows")
