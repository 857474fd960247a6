"""Odoo in this very process, and a meter of what something costs in it."""

from __future__ import annotations

import contextlib
import gc
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import odoo
import odoo.api
import odoo.modules.registry
import psutil

from tools import databases, server, templates


@contextlib.contextmanager
def database(purpose: str, template: str, *, durable: bool = False) -> Iterator[str]:
    """A copy of ``template`` that is gone afterwards; see :func:`databases.copy`."""
    name = databases.name(purpose)
    databases.copy(template, name, durable=durable)
    try:
        yield name
    finally:
        forget(name)
        databases.drop(name)


def forget(name: str) -> None:
    """Close what this process has open of a database."""
    odoo.modules.registry.Registry.delete(name)
    odoo.sql_db.close_db(name)


def with_addon() -> str:
    return templates.addon()


def without_addon() -> str:
    """The template with Odoo's own modules only; beside it stands the other one."""
    templates.addon()
    return templates.dependencies_name()


def configure(*options: str) -> None:
    """Odoo's settings as every command of ``./dev`` has them; warnings only."""
    quiet = ("--no-http", "--max-cron-threads=0", "--log-level=warn")
    _python, _program, *line = server.command(*quiet, *options)
    odoo.tools.config.parse_config(line, setup_logging=True)
    logging.getLogger("odoo").setLevel(logging.WARNING)


@contextlib.contextmanager
def environment(name: str, *, commit: bool = False) -> Iterator[Any]:
    """A transaction of OdooBot's, as a scheduled action has; rolled back unless
    ``commit``."""
    registry = odoo.modules.registry.Registry(name)
    with registry.cursor() as cr:
        yield odoo.api.Environment(cr, odoo.api.SUPERUSER_ID, {})
        if commit:
            cr.commit()
        else:
            cr.rollback()


def vacuum(*names: str) -> None:
    """Clear away the dead rows of transactions that were rolled back."""
    for name in names:
        with databases.cursor(name) as cr:
            cr.execute("VACUUM (ANALYZE)")


@dataclass
class Cost:
    """Seconds by the clock and of processors (Odoo's and PostgreSQL's), queries."""

    wall: float
    cpu: float
    queries: int


class Meter:
    """Measures steps of one transaction up to where it would commit.

    Each step begins as a transaction does, with nothing read yet, and ends with
    everything written and tracked.
    """

    def __init__(self, env: Any) -> None:
        self.env = env
        env.cr.execute("SELECT pg_backend_pid()")
        self._backend = psutil.Process(env.cr.fetchone()[0])

    @contextlib.contextmanager
    def measure(self) -> Iterator[list[Cost]]:
        """Yields a list that holds the cost at the end."""
        cr = self.env.cr
        cr.flush()
        self.env.invalidate_all()
        gc.collect()
        queries, wall, cpu = cr.sql_log_count, time.perf_counter(), self._cpu()
        found: list[Cost] = []
        yield found
        cr.flush()
        found.append(
            Cost(
                wall=time.perf_counter() - wall,
                cpu=self._cpu() - cpu,
                queries=cr.sql_log_count - queries,
            )
        )

    def _cpu(self) -> float:
        backend = self._backend.cpu_times()
        return time.process_time() + backend.user + backend.system
