from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "wardlight.assessment"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Assessment"
