import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("amazon_b2b_invoice_without_pdf", {
    steps: () => [
        {
            content: "Open the dialog",
            trigger: "button[name=action_invoice_sent]:contains('Send')",
            run: "click",
        },
        {
            content: "It says at once that there is no PDF, and what does without",
            trigger:
                ".modal .alert:contains('This server makes no PDF'):contains('Send to Amazon')",
        },
        {
            content: "Send all the same",
            trigger: ".modal button[name=action_send_and_print]",
            run: "click",
        },
        {
            content: "It is refused in words, not with a traceback",
            trigger:
                ".o_error_dialog:contains('Unable to find Wkhtmltopdf'), .modal:contains('Invalid Operation'):contains('Unable to find Wkhtmltopdf')",
        },
        {
            content: "Close the words",
            trigger:
                ".modal:contains('Unable to find Wkhtmltopdf') .modal-footer button",
            run: "click",
        },
        {
            content: "Leave the dialog",
            trigger: ".modal button[special=cancel], .modal .btn-close",
            run: "click",
        },
        {
            content: "The button does without",
            trigger: "body:not(:has(.modal)) button[name=action_amazon_b2b_send]",
            run: "click",
        },
        {
            content: "It is in the outbox",
            trigger:
                "body:not(:has(button[name=action_amazon_b2b_send]:visible)) .o_form_view",
        },
    ],
});
