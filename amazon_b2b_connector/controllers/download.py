from odoo import http
from odoo.http import content_disposition, request

FIELDS = {"payload": "edi", "wire": "as2", "mdn_body": "mdn"}


class Download(http.Controller):
    @http.route(
        "/amazon_b2b/transmission/<int:transmission_id>/<string:field>",
        type="http",
        auth="user",
        readonly=True,
    )
    def download(self, transmission_id, field):
        """The bytes of a transmission, for who may read it."""
        transmission = request.env["amazon.b2b.transmission"].browse(transmission_id)
        if field not in FIELDS or not transmission.exists():
            return request.not_found()
        transmission.check_access("read")
        data = transmission._bytes(field)
        name = f"{transmission.direction}_{transmission.id}.{FIELDS[field]}"
        return request.make_response(
            data,
            [
                ("Content-Type", "application/octet-stream"),
                ("Content-Length", len(data)),
                ("X-Content-Type-Options", "nosniff"),
                ("Content-Disposition", content_disposition(name)),
            ],
        )
