"""Databases of the running PostgreSQL, each with its part of the filestore."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import psycopg2.extensions
from psycopg2 import sql

from .console import Stop
from .paths import DATA, tag

RELAXED = sql.SQL("ALTER DATABASE {new} SET synchronous_commit TO off")


def name(purpose: str) -> str:
    """This checkout's database for `purpose` ("demo", "test", ...)."""
    return f"amazon_b2b_{purpose}_{tag()}"


@contextmanager
def cursor(database: str = "postgres") -> Iterator[psycopg2.extensions.cursor]:
    """A cursor that commits each statement at once."""
    try:
        connection = psycopg2.connect(dbname=database)
    except psycopg2.OperationalError as error:
        line = str(error).strip().splitlines()[0]
        raise Stop(f"PostgreSQL does not answer ({line}): check PGHOST") from error
    connection.autocommit = True
    try:
        with connection.cursor() as result:
            yield result
    finally:
        connection.close()


def exists(database: str) -> bool:
    return bool(alike(database.replace("_", r"\_")))


def alike(pattern: str) -> list[str]:
    """The databases whose names match an SQL LIKE pattern."""
    with cursor() as cr:
        cr.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern])
        return [row[0] for row in cr.fetchall()]


def copy(template: str, database: str, *, durable: bool = True) -> None:
    """Make `database`, anew if it is there, as a copy of `template`.

    `durable` False is for what may be lost in a crash of the machine: a commit then
    does not wait for the disk.
    """
    drop(database)
    _copy_filestore(template, database)
    names = {"new": sql.Identifier(database), "template": sql.Identifier(template)}
    with cursor() as cr:
        cr.execute(sql.SQL("CREATE DATABASE {new} TEMPLATE {template}").format(**names))
        if not durable:
            cr.execute(RELAXED.format(**names))
    with cursor(database) as cr:
        # what must differ between any two databases, as Odoo's own duplicating does
        cr.execute(
            "UPDATE ir_config_parameter SET value = gen_random_uuid()"
            " WHERE key IN ('database.uuid', 'database.secret')"
        )


def create(database: str) -> None:
    """Make an empty database for Odoo to fill; what it holds may be lost."""
    drop(database)
    names = {"new": sql.Identifier(database)}
    with cursor() as cr:
        cr.execute(
            sql.SQL("CREATE DATABASE {new} TEMPLATE template0 ENCODING 'UTF8'").format(
                **names
            )
        )
        cr.execute(RELAXED.format(**names))


def drop(database: str) -> None:
    with cursor() as cr:
        cr.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(
                sql.Identifier(database)
            )
        )
    shutil.rmtree(filestore(database), ignore_errors=True)


def rename(old: str, new: str) -> None:
    """Give a finished database its name, which says that it is finished."""
    if filestore(old).exists():
        shutil.rmtree(filestore(new), ignore_errors=True)
        filestore(old).rename(filestore(new))
    with cursor() as cr:
        cr.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(old), sql.Identifier(new)
            )
        )


def set_parameter(database: str, key: str, value: str) -> None:
    """Set a system parameter while no server runs on `database`."""
    with cursor(database) as cr:
        cr.execute(
            "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)"
            " ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
            [key, value],
        )


def filestore(database: str) -> Path:
    return DATA / "filestore" / database


def _copy_filestore(template: str, database: str) -> None:
    """Odoo never changes a file in there, so a hard link is as good as a copy."""
    if filestore(template).exists():
        shutil.copytree(filestore(template), filestore(database), copy_function=os.link)
