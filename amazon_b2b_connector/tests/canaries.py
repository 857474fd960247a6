"""Searches everything that a database keeps for texts that should be gone."""

import base64
import contextlib
import os
import re

from odoo.tools import SQL

# types of columns in which a text may be
TEXTS = ("text", "character varying", "character", "jsonb", "json", "ARRAY")


class CanaryMixin:
    """Where a text is: in every column there is, whatever its table, in every file."""

    def setUp(self):
        super().setUp()
        store = self.env["ir.attachment"]._filestore()
        self.addCleanup(_remove, set(_names(store)), store)

    def places(self, *canaries):
        """``{"table.column"}`` of all that hold one of ``canaries``, in any case, and
        ``"filestore"`` where a file does. Bytes are searched as they are and as base64,
        as which Odoo stores some."""
        self.env.flush_all()
        attachments = self.env["ir.attachment"].sudo()
        attachments._gc_file_store_unsafe()
        choice = "|".join(map(re.escape, canaries))
        found = {f"{table}.{column}" for table, column in self._texts(choice)}
        found |= {
            f"{table}.{column}"
            for table, column, data in self._bytes()
            if _holds(data, choice)
        }
        if any(_holds(data, choice) for data in _files(attachments._filestore())):
            found.add("filestore")
        return found

    def _columns(self, types):
        return self.env.execute_query(
            SQL(
                "SELECT c.table_name, c.column_name FROM information_schema.columns c"
                " JOIN information_schema.tables t USING (table_schema, table_name)"
                " WHERE c.table_schema = current_schema()"
                " AND t.table_type = 'BASE TABLE' AND c.data_type IN %s",
                types,
            )
        )

    def _texts(self, choice):
        for table, column in self._columns(TEXTS):
            [[there]] = self.env.execute_query(
                SQL(
                    "SELECT EXISTS (SELECT FROM %s WHERE %s::text ~* %s)",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    choice,
                )
            )
            if there:
                yield table, column

    def _bytes(self):
        for table, column in self._columns(("bytea",)):
            name = SQL.identifier(column)
            for [data] in self.env.execute_query(
                SQL(
                    "SELECT %s FROM %s WHERE %s IS NOT NULL",
                    name,
                    SQL.identifier(table),
                    name,
                )
            ):
                yield table, column, bytes(data)


def _names(store):
    for folder, _folders, names in os.walk(store):
        for name in names:
            yield os.path.join(folder, name)


def _files(store):
    for name in _names(store):
        with open(name, "rb") as file:
            yield file.read()


def _remove(known, store):
    """A test is rolled back, the files that it wrote are not."""
    for name in set(_names(store)) - known:
        os.remove(name)


def _holds(data, choice):
    texts = [data]
    with contextlib.suppress(ValueError):  # these bytes are no base64
        texts.append(base64.b64decode(data, validate=True))
    return any(re.search(choice.encode(), text, re.IGNORECASE) for text in texts)
