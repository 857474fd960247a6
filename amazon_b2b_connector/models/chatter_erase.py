import json

from odoo import api, models
from odoo.tools import SQL

# what Odoo writes by itself; all else is in a person's words
WRITTEN_BY_ODOO = ("notification", "auto_comment", "user_notification")
# shorter texts would hit rows about others where rows are removed as a whole
SURE = 6
# models and fields that quote what passed through, with nothing that tells of whom
PASSED = (
    ("bus.bus", ("message",)),
    ("ir.logging", ("message",)),
    ("mail.mail", ("body_html", "email_to", "email_cc", "headers")),
    ("sms.sms", ("number", "body")),
)
# of a tracked value, what may hold words
TEXTS = ("char", "text")


class ChatterEraser(models.AbstractModel):
    """Takes personal data out of what Odoo keeps beside records: chatter, e-mails,
    activities, attachments.

    Nobody can tell what a person's words or a file quote: these go as a whole. Of what
    Odoo wrote itself only the personal texts go.
    """

    _name = "amazon.b2b.chatter.eraser"
    _description = "Amazon: takes personal data out of chatters"

    @api.model
    def _erase_beside(self, records_of_models, blackout):
        """Erase beside these records.

        :param records_of_models: recordsets, one a model
        :param blackout: :class:`blackout.Blackout`
        """
        for records in filter(None, records_of_models):
            messages = self._messages(records)
            self._erase_attachments(records, messages)
            self._erase_messages(messages, blackout)
            self._erase_activities(records, blackout)
            self.env["mail.scheduled.message"].sudo().search(
                [("model", "=", records._name), ("res_id", "in", records.ids)]
            ).unlink()
        self._erase_passed(blackout)

    @api.model
    def _messages(self, records):
        return (
            self.env["mail.message"]
            .sudo()
            .search([("model", "=", records._name), ("res_id", "in", records.ids)])
        )

    @api.model
    def _attachments(self, records, messages=None):
        """Every file on these records, in fields or beside them."""
        messages = self._messages(records) if messages is None else messages
        attachments = self.env["ir.attachment"].sudo()
        found = attachments.with_context(skip_res_field_check=True).search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        )
        # an invoice that was attached to an e-mail belongs to the books
        return found | messages.attachment_ids.filtered(
            lambda file: file.res_model != "account.move"
        )

    @api.model
    def _erase_attachments(self, records, messages):
        self._attachments(records, messages).unlink()

    @api.model
    def _erase_messages(self, messages, blackout):
        by_odoo = messages.filtered(lambda m: m.message_type in WRITTEN_BY_ODOO)
        self.env["mail.mail"].sudo().search(
            [("mail_message_id", "in", messages.ids)]
        ).unlink()
        messages = messages.exists()
        by_person = messages - by_odoo
        by_person.write({"body": self._erased_body(), "subject": False})
        addresses = {
            "incoming_email_to": False,
            "incoming_email_cc": False,
            "outgoing_email_to": False,
        }
        messages.filtered(lambda m: any(m[name] for name in addresses)).write(addresses)
        _black_out(messages, ("body", "subject", "email_from", "reply_to"), blackout)
        notified = messages.notification_ids
        notified.filtered("mail_email_address").mail_email_address = False
        notified.filtered("failure_reason").failure_reason = False
        tracked = messages.tracking_value_ids
        names = [f"{age}_value_{kind}" for age in ("old", "new") for kind in TEXTS]
        _black_out(tracked, names, blackout)
        self.env["mail.message.translation"].sudo().search(
            [("message_id", "in", messages.ids)]
        ).unlink()

    @api.model
    def _erased_body(self):
        return self.env._("Erased with the personal data.")

    @api.model
    def _erase_activities(self, records, blackout):
        activities = self.env["mail.activity"].sudo().with_context(active_test=False)
        found = activities.search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        )
        _black_out(found, ("summary", "note", "res_name", "feedback"), blackout)

    @api.model
    def _erase_passed(self, blackout):
        """Rows about to go anyway, which quote what passed through."""
        sure = [text for text in blackout.texts if len(text) >= SURE]
        spellings = {s for text in sure for s in (text, json.dumps(text)[1:-1])}
        texts = [f"%{_like(spelling)}%" for spelling in sorted(spellings)]
        if not texts:
            return
        for name, columns in PASSED:
            if name not in self.env:
                continue
            model = self.env[name].sudo()
            model.flush_model()
            quotes = SQL(" OR ").join(
                SQL("%s::text ILIKE ANY (%s)", SQL.identifier(column), texts)
                for column in columns
            )
            ids = [
                row[0]
                for row in self.env.execute_query(
                    SQL(
                        "SELECT id FROM %s WHERE %s",
                        SQL.identifier(model._table),
                        quotes,
                    )
                )
            ]
            model.browse(ids).filtered(_has_passed).unlink()


def _black_out(records, names, blackout):
    """Write only what changes."""
    for record in records:
        changed = {
            name: without
            for name in names
            if record[name] and (without := blackout(record[name])) != record[name]
        }
        if changed:
            record.write(changed)


def _has_passed(row):
    """Whether nothing is to be done with it any more, nor belongs to the books."""
    return row._name != "mail.mail" or (
        row.state != "outgoing" and row.model != "account.move"
    )


def _like(text):
    for sign in "\\%_":
        text = text.replace(sign, f"\\{sign}")
    return text
