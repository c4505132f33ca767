"""Publishing: the document as it stands becomes an immutable version."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from typing import Any

from django.db import transaction
from django.db.models import Max

from wardlight.partners import audit
from wardlight.partners.actors import Actor
from wardlight.partners.refusal import Refusal

from .. import queries
from ..models import Assessment, PublishedVersion


@transaction.atomic
def publish(*, assessment: Assessment, public: bool, by: Actor) -> PublishedVersion:
    """Keep the document as the next version. Later edits of the draft never alter it; a correction is a new version."""
    locked = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if locked.status != Assessment.Status.READY:
        raise Refusal(f"“{locked.title}” cannot be published, because it is not worked out: run it again first.")
    number = 1 + (locked.versions.aggregate(last=Max("number"))["last"] or 0)
    snapshot = asdict(replace(queries.document(locked), status="published", version=str(number)))
    version = PublishedVersion.objects.create(
        assessment=locked,
        partnership=locked.partnership,
        number=number,
        snapshot=snapshot,
        digest=digest_of(snapshot),
        public=public,
        published_by=by.user,
    )
    after = {"number": number, "digest": version.digest, "public": public}
    audit.record(by=by, verb="assessment.published", obj=locked, partnership=locked.partnership, after=after)
    return version


def digest_of(snapshot: dict[str, Any]) -> str:
    """SHA-256 of the snapshot as sorted JSON: proves that a version is as it was published."""
    return hashlib.sha256(json.dumps(snapshot, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
