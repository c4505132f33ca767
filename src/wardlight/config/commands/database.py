"""Make the database ready: the first command of a new home migrates it and creates one partnership."""

from __future__ import annotations

import typer
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from wardlight.config.home import make_home
from wardlight.partners.actors import COMMAND_LINE
from wardlight.partners.models import Partnership
from wardlight.partners.operations import create_partnership
from wardlight.partners.refusal import Refusal

PartnershipOption = typer.Option(
    None, "--partnership", help="Which partnership, by its short name, when there are several."
)


def prepare_home() -> None:
    """Create the home folder, bring the database up to date and the measures in line with their files."""
    from wardlight.measures.operations import sync_definitions
    from wardlight.partners.actors import SYSTEM

    make_home()
    executor = MigrationExecutor(connection)
    _check_version(executor)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    sync_definitions(SYSTEM)


def _check_version(executor: MigrationExecutor) -> None:
    """Refuse a database that knows more than this program: it would be read wrongly, or spoilt."""
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("wardlight.")}
    known = executor.loader.disk_migrations or {}
    unknown = sorted(key for key in executor.loader.applied_migrations if key[0] in ours and key not in known)
    if unknown:
        raise Refusal(
            f"The database was made by a newer version of Wardlight (it has “{' '.join(unknown[-1])}”): bring Wardlight up "
            "to date, or let WARDLIGHT_HOME or DATABASE_URL name another database."
        )


def the_partnership(slug: str | None = None) -> Partnership:
    """The partnership named, or the only one there is (made if there is none)."""
    prepare_home()
    if slug:
        found = Partnership.objects.filter(slug=slug).first()
        if found is None:
            raise Refusal(f"There is no partnership “{slug}”: the short names are {_slugs()}.")
        return found
    several = list(Partnership.objects.all()[:2])
    if len(several) == 2:
        raise Refusal(f"There are several partnerships: add --partnership and one of {_slugs()}.")
    return several[0] if several else create_partnership(name="Our partnership", slug="ours", by=COMMAND_LINE)


def _slugs() -> str:
    return ", ".join(Partnership.objects.values_list("slug", flat=True)) or "none yet"


def register(app: typer.Typer) -> None:
    @app.command()
    def migrate() -> None:
        """Bring the database up to date."""
        prepare_home()
