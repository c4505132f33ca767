from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "wardlight.measures"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Measures"

    def ready(self) -> None:
        from wardlight.incidents.signals import batch_landed, batch_undone
        from wardlight.partners.signals import home_area_changed
        from wardlight.places.signals import denominators_changed

        from .receivers import recompute_everybody, recompute_partnership, recompute_source

        batch_landed.connect(recompute_source, dispatch_uid="measures.landed")
        batch_undone.connect(recompute_source, dispatch_uid="measures.undone")
        home_area_changed.connect(recompute_partnership, dispatch_uid="measures.home")
        denominators_changed.connect(recompute_everybody, dispatch_uid="measures.denominators")
