from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "wardlight.measures"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Measures"

    def ready(self) -> None:
        from wardlight.incidents.signals import batch_landed, batch_undone

        from .receivers import recompute_source

        batch_landed.connect(recompute_source, dispatch_uid="measures.landed")
        batch_undone.connect(recompute_source, dispatch_uid="measures.undone")
