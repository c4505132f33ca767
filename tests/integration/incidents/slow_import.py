"""Run by a test in a process of its own: import a file and stop while writing, or look at what is there."""

from __future__ import annotations

import sys
import time
from datetime import timedelta


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from wardlight.incidents import operations, queries, store
    from wardlight.incidents.models import Batch
    from wardlight.partners.actors import COMMAND_LINE
    from wardlight.partners.models import Partnership

    if sys.argv[1] == "--look":
        operations.mark_interrupted_batches(stale_after=timedelta(0))
        rows = queries.records(partnership=Partnership.objects.get()).collect().height
        files = len(list(store.folder("records").iterdir()))
        print(Batch.objects.get().status, rows, "rows", files, "files")
        return
    call_command("migrate", verbosity=0)
    partnership = Partnership.objects.create(name="Ours", slug="ours")

    def finish(writer: store.Writer) -> None:
        while not writer.aside.exists():
            time.sleep(0.01)
        print("writing", flush=True)
        time.sleep(60)

    store.Writer.finish = finish  # type: ignore[method-assign]
    operations.import_files(partnership=partnership, paths=[sys.argv[1]], source="police-uk", by=COMMAND_LINE)


main()
