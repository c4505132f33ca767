"""Who works together: partnerships, their agencies, the people in them, and what each person did."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from .append_only import AppendOnlyModel


class Partnership(models.Model):
    """A community safety partnership. Everything except areas and taxonomy belongs to one."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(unique=True)
    home_area_level = models.CharField(max_length=30, blank=True)
    home_area_name = models.CharField(max_length=200, blank=True)
    synthetic = models.BooleanField(default=False, help_text="All of its data are made up; every page says so.")
    accent_colour = models.CharField(max_length=7, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Agency(models.Model):
    """A member organisation of a partnership."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="agencies")
    name = models.CharField(max_length=200)
    slug = models.SlugField()
    kind = models.CharField(max_length=40)

    class Meta:
        ordering = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["partnership", "slug"], name="agency_slug_in_partnership")
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. Their e-mail address is how they sign in and never appears in a URL or a log."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person in an agency, with the roles they hold there (names from `partners.roles`)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="memberships")
    roles = models.JSONField(default=list)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["agency__name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "agency"], name="one_membership_an_agency")]

    def __str__(self) -> str:
        return f"membership {self.pk}"


class AuditEvent(AppendOnlyModel):
    """One thing somebody did, written in the same transaction as the deed. Never changed, never deleted."""

    at = models.DateTimeField(default=timezone.now)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, null=True, related_name="audit_events")
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    actor_label = models.CharField(max_length=60, help_text="“command line”, “system”, or the user's number.")
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True)

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        ordering = ["-id"]
        indexes: ClassVar = [models.Index(fields=["object_type", "object_id"], name="audit_object")]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type} {self.object_id}"


class AuditSeal(AppendOnlyModel):
    """The link that chains an audit event to the one before it, written later by the sealing job."""

    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, primary_key=True, related_name="seal")
    previous_digest = models.CharField(max_length=64, unique=True, help_text="Unique, so that the chain cannot fork.")
    digest = models.CharField(max_length=64, unique=True)
    sealed_at = models.DateTimeField(default=timezone.now)

    class Meta(AppendOnlyModel.Meta):
        abstract = False
        ordering = ["event_id"]

    def __str__(self) -> str:
        return self.digest[:12]
