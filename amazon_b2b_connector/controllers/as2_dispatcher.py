from odoo.http import HttpDispatcher


class As2Dispatcher(HttpDispatcher):
    """A route whose body belongs to the controller, whatever its Content-Type says.

    Odoo's own dispatcher reads what calls itself a form into memory and temporary
    files before any controller can refuse it.
    """

    routing_type = "amazon_b2b_as2"

    def dispatch(self, endpoint, args):
        self.request.params = args
        return self.request.registry["ir.http"]._dispatch(endpoint)
