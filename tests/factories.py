"""Makes rows for tests."""

from __future__ import annotations

import factory

from wardlight.incidents.models import Batch
from wardlight.partners.models import Agency, Membership, Partnership, User
from wardlight.places.models import Area


class PartnershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Partnership

    name = factory.Sequence(lambda n: f"Partnership {n}")
    slug = factory.Sequence(lambda n: f"partnership-{n}")


class AgencyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Agency

    partnership = factory.SubFactory(PartnershipFactory)
    name = factory.Sequence(lambda n: f"Agency {n}")
    slug = factory.Sequence(lambda n: f"agency-{n}")
    kind = "council"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    agency = factory.SubFactory(AgencyFactory)
    roles = factory.LazyFunction(lambda: ["analyst"])


class AreaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Area

    level = "borough"
    code = factory.Sequence(lambda n: f"E0900{n:04d}")
    vintage = "2021"
    name = factory.Sequence(lambda n: f"Borough {n}")


class BatchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Batch

    partnership = factory.SubFactory(PartnershipFactory)
    source = "police-uk"
    kind = "records"
    created_by_label = "command line"


def unchanged(form) -> dict:
    """What a browser would send of a form in which nothing was changed."""
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: value for name, value in values.items() if value is not None}
