from odoo import api, fields, models

# group of settings -> its fields; each group has one switch, ``inherit_<group>``
GROUPS = {
    "mfn": ("import_mfn", "import_prime", "mfn_from"),
    "fba": (
        "import_fba",
        "fba_is_shipped",
        "fba_from",
        "vcs_enabled",
        "fba_location_id",
    ),
    "sales": (
        "warehouse_id",
        "team_id",
        "user_id",
        "fiscal_position_id",
        "ioss_fiscal_position_id",
        "payment_term_id",
    ),
    "addresses": ("packstation_layout",),
    "personal_data": ("erase_after_days",),
    "retention": ("keep_pages_days", "keep_reports_days", "keep_calls_days"),
}
# what holds until somebody says otherwise; the rest begins empty
INITIAL = {
    "import_mfn": True,
    "import_prime": True,
    "import_fba": True,
    "fba_is_shipped": True,
    "packstation_layout": "street",
    "erase_after_days": 30,
    "keep_pages_days": 30,
    "keep_reports_days": 90,
    "keep_calls_days": 30,
}


def _depends(group):
    """The switch of a group, the group's fields one step up, and the company."""

    def paths(model):
        own = [f"inherit_{group}"]
        if group == "sales":
            own.append("company_id")
        return own + [
            f"{path}.{name}" for path in model._settings_paths for name in GROUPS[group]
        ]

    return api.depends(paths)


class SellerSettings(models.AbstractModel):
    """How a seller's orders come in, on three levels: a company's defaults, a
    connection, a marketplace of it.

    Each level takes a group of settings from the one above until the group's switch
    is off; then it keeps its own. Writing a setting switches its group's switch off.
    """

    _name = "amazon.b2b.seller.settings"
    _description = "Amazon: settings of a seller's orders"
    # where the level above is found, the nearest first
    _settings_paths = ()

    inherit_mfn = fields.Boolean("Apply from Default (MFN)", default=True)
    import_mfn = fields.Boolean(
        "Import MFN Orders",
        compute="_compute_mfn",
        store=True,
        readonly=False,
        precompute=True,
        help="Merchant Fulfilled Network: orders that you ship yourself.",
    )
    import_prime = fields.Boolean(
        "Import Prime by Merchant Orders",
        compute="_compute_mfn",
        store=True,
        readonly=False,
        precompute=True,
        help="Prime orders that you ship yourself (Seller Fulfilled Prime).",
    )
    mfn_from = fields.Date(
        "Import MFN Orders From",
        compute="_compute_mfn",
        store=True,
        readonly=False,
        precompute=True,
        help="By the date of purchase, in UTC. Empty: those of the last 90 days.",
    )

    inherit_fba = fields.Boolean("Apply from Default (FBA)", default=True)
    import_fba = fields.Boolean(
        "Import FBA Orders",
        compute="_compute_fba",
        store=True,
        readonly=False,
        precompute=True,
        help="Fulfilment by Amazon: orders that Amazon ships for you.",
    )
    fba_is_shipped = fields.Boolean(
        "Mark FBA Orders as Shipped, Leave Warehousing Out",
        compute="_compute_fba",
        store=True,
        readonly=False,
        precompute=True,
        help="They come in as delivered and move no stock of yours. Off: their goods "
        "leave the location that stands for Amazon's warehouse.",
    )
    fba_from = fields.Date(
        "Import FBA Orders From",
        compute="_compute_fba",
        store=True,
        readonly=False,
        precompute=True,
        help="By the date of purchase, in UTC. Empty: those of the last 90 days.",
    )
    vcs_enabled = fields.Boolean(
        "VAT Calculation Service",
        compute="_compute_fba",
        store=True,
        readonly=False,
        precompute=True,
        help="As it is switched in your Amazon account. Off: the prices in FBA reports "
        "are gross. On: they are net.",
    )
    fba_location_id = fields.Many2one(
        "stock.location",
        "Amazon's Warehouse",
        compute="_compute_fba",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain=[("usage", "=", "internal")],
        help="The location that FBA goods leave from. Empty: one named “Amazon (FBA)”, "
        "made when it is needed.",
    )

    inherit_sales = fields.Boolean("Apply from Default (Sales)", default=True)
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        compute="_compute_sales",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        compute="_compute_sales",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        compute="_compute_sales",
        store=True,
        readonly=False,
        precompute=True,
        help="Gets what waits, fails or runs late, and the sale orders.",
    )
    fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        compute="_compute_sales",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        help="Empty: Odoo finds it by the customer's country and VAT number.",
    )
    ioss_fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        "Fiscal Position (IOSS)",
        compute="_compute_sales",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        help="Of orders that Amazon reports under the EU's Import One-Stop Shop. "
        "Empty: as for other orders.",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        compute="_compute_sales",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )

    inherit_addresses = fields.Boolean("Apply from Default (Addresses)", default=True)
    packstation_layout = fields.Selection(
        [
            ("street", "Customer number in address line"),
            ("company", "Customer number in company"),
        ],
        "Packing Station Address Layout",
        compute="_compute_addresses",
        store=True,
        readonly=False,
        precompute=True,
        help="Where the customer number of a Packstation goes (the Postnummer).",
    )

    inherit_personal_data = fields.Boolean(
        "Apply from Default (Personal Data)", default=True
    )
    erase_after_days = fields.Integer(
        "Erase Personal Data After (days)",
        compute="_compute_personal_data",
        store=True,
        readonly=False,
        precompute=True,
        help="Days after the shipment, or after Amazon's last change of an order that "
        "is not shipped. Amazon's policy for buyers' data: 30. With 0 it is never "
        "erased by itself, which takes a reason that Amazon accepts; a few days leave "
        "no time for returns and invoices.",
    )

    inherit_retention = fields.Boolean("Apply from Default (Retention)", default=True)
    keep_pages_days = fields.Integer(
        "Keep Pages of Orders (days)",
        compute="_compute_retention",
        store=True,
        readonly=False,
        precompute=True,
        help="What Amazon answered, byte for byte, once every order in it is done or "
        "set aside. 0: for ever.",
    )
    keep_reports_days = fields.Integer(
        "Keep Reports (days)",
        compute="_compute_retention",
        store=True,
        readonly=False,
        precompute=True,
        help="The files, once every order in them is done or set aside. 0: for ever.",
    )
    keep_calls_days = fields.Integer(
        "Keep Log of API Calls (days)",
        compute="_compute_retention",
        store=True,
        readonly=False,
        precompute=True,
        help="0: for ever.",
    )

    @_depends("mfn")
    def _compute_mfn(self):
        self._take_over("mfn")

    @_depends("fba")
    def _compute_fba(self):
        self._take_over("fba")

    @_depends("sales")
    def _compute_sales(self):
        self._take_over("sales")

    @_depends("addresses")
    def _compute_addresses(self):
        self._take_over("addresses")

    @_depends("personal_data")
    def _compute_personal_data(self):
        self._take_over("personal_data")

    @_depends("retention")
    def _compute_retention(self):
        self._take_over("retention")

    def _take_over(self, group):
        for record in self:
            above = record._settings_above()
            for name in GROUPS[group]:
                if not record._origin:
                    # a new record starts with what holds above, switch or no switch
                    record[name] = record._inherited(above, name)
                elif above and record[f"inherit_{group}"]:
                    record[name] = record._inherited(above, name)
                else:
                    record[name] = record[name]

    def _settings_above(self):
        """The levels above that exist, the nearest first."""
        levels = [self.mapped(path)[:1] for path in self._settings_paths]
        return [level for level in levels if level]

    def _inherited(self, above, name):
        """What the nearest level above says; of what belongs to a company, the
        nearest level of this record's company, or a person who works there."""
        bound = self._fields[name].relational
        for level in above:
            here = level.company_id == self.company_id
            person = name == "user_id" and self.company_id in level.user_id.company_ids
            if not bound or here or person:
                return level[name]
        if name == "warehouse_id":
            return self.env["stock.warehouse"].search(
                [("company_id", "=", self.company_id.id)], limit=1
            )
        return INITIAL.get(name, False)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._settle_switches(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._settle_switches(vals))

    def _settle_switches(self, vals):
        """Make a group's switch and values agree: on leaves no values of its own,
        values without a word about the switch turn it off."""
        vals = {**vals}
        for group, names in GROUPS.items():
            switch, given = f"inherit_{group}", vals.keys() & set(names)
            if self._settings_paths and given and vals.setdefault(switch, False):
                for name in given:
                    del vals[name]
        return vals
