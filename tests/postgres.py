"""Say loudly, and fail, when there is no PostgreSQL server to test on."""

from __future__ import annotations

import os
import sys

import psycopg


def main() -> int:
    url = os.environ["DATABASE_URL"]
    try:
        psycopg.connect(url.replace("postgres://", "postgresql://"), connect_timeout=5).close()
    except psycopg.OperationalError as error:
        print("\n" + "!" * 78)
        print("THE POSTGRESQL HALF OF THE TESTS DID NOT RUN: no server answered at DATABASE_URL.")
        print(f"Start one, or set DATABASE_URL. The driver says: {error}")
        print("!" * 78)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
