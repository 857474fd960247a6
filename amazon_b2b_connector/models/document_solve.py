from odoo import fields, models
from odoo.exceptions import ConcurrencyError, UserError
from psycopg2.errors import UniqueViolation

# which reason a document waits for, when several things are missing
PRIORITY = ("content", "warehouse_code", "product", "unit", "total")


class Document(models.Model):
    """What a purchase order lacks, and the buttons that make it."""

    _inherit = "amazon.b2b.document"

    line_answers = fields.Json(
        help="{position: acknowledgement code} of lines that are answered, not ordered."
    )

    # the buttons

    def _solvers(self):
        return {
            **super()._solvers(),
            "partner": self._solve_partner,
            "vendor_code": self._solve_vendor_code,
            "warehouse_code": self._solve_warehouse_code,
            "product": self._solve_lines,
            "unit": self._solve_lines,
            "change": self._solve_change,
        }

    def _new_record(self, model, name, **defaults):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {f"default_{field}": value for field, value in defaults.items()},
        }

    def _solve_partner(self):
        qualifier, _colon, identifier = self.interchange_id.sender.partition(":")
        return self._new_record(
            "amazon.b2b.connection",
            self.env._("Connection with these EDI ids"),
            company_id=self.company_id.id,
            partner_qualifier=qualifier,
            partner_identifier=identifier,
        )

    def _solve_vendor_code(self):
        return self._new_record(
            "amazon.b2b.vendor.code",
            self.env._("Vendor code %s", self.vendor_code),
            code=self.vendor_code,
            connection_id=self.connection_id.id,
            company_id=self.connection_id.company_id.id,
        )

    def _solve_warehouse_code(self):
        code = (self.missing or {}).get("warehouse_code")
        return self._new_record(
            "amazon.b2b.warehouse.code",
            self.env._("Address of %s", code),
            code=code,
            company_id=self.company_id.id,
        )

    def _solve_lines(self):
        return self.env["amazon.b2b.map.lines"]._open(self)

    def _solve_change(self):
        """The order that it may change, to correct it by hand."""
        if not self.sale_order_id:
            raise UserError(
                self.env._(
                    "The order itself never came: process this again once it is "
                    "here, or set it aside."
                )
            )
        return self.sale_order_id.get_formview_action()

    # what it lacks

    def _chosen_answers(self):
        """{document: {position: acknowledgement code}} that a person chose."""
        wanted = {code for d in self for code in (d.line_answers or {}).values()}
        codes = self.env["amazon.b2b.acknowledgement.code"]
        if wanted:
            codes = codes.with_context(active_test=False).search(
                [("code", "in", list(wanted))], order="active, id"
            )
        by_code = {record.code: record for record in codes}
        return {
            document: {
                int(position): by_code[code]
                for position, code in (document.line_answers or {}).items()
                if code in by_code
            }
            for document in self
        }

    def _claim_business_key(self):
        """Say in the database that these make the orders.

        :raise ConcurrencyError: another transaction did meanwhile; it is invisible
            here, so the work starts again with a new snapshot and finds it
        """
        self.is_record_maker = True
        try:
            self.flush_recordset(["is_record_maker"])
        except UniqueViolation as error:
            raise ConcurrencyError(
                "another transaction just imported this purchase order"
            ) from error

    def _hold_what_is_missing(self, paper, head, plan):
        """Hold with everything at once that is missing. Returns whether it is held."""
        self.ensure_one()
        problems = []
        code = self.env["amazon.b2b.warehouse.code"]._code_of(paper)
        if not head:
            problems.append(
                (
                    "warehouse_code",
                    self.env._(
                        "Warehouse code “%(code)s” has no address yet.",
                        code=code,
                    ),
                )
            )
        if self._goes_to_several(paper):
            problems.append(
                (
                    "content",
                    self.env._(
                        "The order is for several fulfilment centres. An order here "
                        "has one: enter it by hand, one order for each, then set this "
                        "aside."
                    ),
                )
            )
        if not paper.lines:
            problems.append(("content", self.env._("The order has no lines.")))
        currency = self.vendor_code_id.currency_id.name
        if paper.currency and paper.currency != currency:
            problems.append(
                (
                    "content",
                    self.env._(
                        "The order is in %(theirs)s, vendor code %(code)s in %(ours)s.",
                        theirs=paper.currency,
                        code=self.vendor_code_id.code,
                        ours=currency,
                    ),
                )
            )
        problems += [(p.problem, p.text) for p in plan if p.problem]
        total = self._total_problem(paper, plan)
        if total:
            problems.append(("total", total))
        if not problems:
            return False
        reasons = {reason for reason, _text in problems}
        self._hold(
            next(reason for reason in PRIORITY if reason in reasons),
            "\n".join(text for _reason, text in problems),
            missing=self._missing(plan) | ({} if head else {"warehouse_code": code}),
        )
        return True

    def _add_issue(self, segment, text):
        """Remark something on the document, beside what the reader remarked."""
        issue = {
            "severity": "warning",
            "segment_number": 0,
            "segment_id": segment,
            "text": text,
        }
        self.issues = [*(self.issues or []), issue]

    def _goes_to_several(self, paper):
        """X12: a second N1 with ST, or quantities by destination (SDQ)."""
        codes = {paper.ship_to.code} if paper.ship_to else set()
        codes |= {party.code for party in paper.parties if party.role == "ST"}
        split = any(issue["segment_id"] == "SDQ" for issue in self.issues or [])
        return split or len(codes) > 1

    def _missing(self, plan):
        """The same for programs: what mappings must name."""
        return {
            "lines": [
                {
                    "position": p.position,
                    "problem": p.problem,
                    "identifiers": [[i.qualifier, i.value] for i in p.line.identifiers],
                    "unit": p.line.unit,
                    "product_id": p.product.id if p.product else False,
                }
                for p in plan
                if p.problem
            ]
        }
