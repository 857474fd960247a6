def uninstall_hook(env):
    """Take away what was made along the way and hangs on no model of ours."""
    numberings = env["amazon.b2b.numbering"].with_context(active_test=False).search([])
    numberings.unlink()
    companies = env["res.company"].with_context(active_test=False).search([])
    companies.amazon_b2b_asn_sequence_id.unlink()
    companies.amazon_b2b_sscc_sequence_id.unlink()
    _forget_inherited(env)
    env["ir.config_parameter"].search([("key", "=like", "amazon_b2b.%")]).unlink()


def _forget_inherited(env):
    """Odoo books what our models inherit under the modules that they inherit from,
    and leaves those entries behind."""
    models = env["ir.model"].search([("model", "=like", "amazon.b2b.%")])
    inherited = env["ir.model.inherit"].search([("model_id", "in", models.ids)])
    for records in (inherited, models.field_id.selection_ids):
        env["ir.model.data"].search(
            [
                ("model", "=", records._name),
                ("res_id", "in", records.ids),
                ("module", "!=", "amazon_b2b_connector"),
            ]
        ).unlink()
