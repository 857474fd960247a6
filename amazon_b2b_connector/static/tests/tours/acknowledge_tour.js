import {press} from "@odoo/hoot-dom";
import {registry} from "@web/core/registry";

const KETTLE = "012345678905";
const TOASTER = "4006381333931";
const CLOCK = ".o_form_view .o_amazon_b2b_clock";

/** As a scanner that is set to end with Enter: keys, one at once after the other. */
async function scanKeys(barcode) {
    for (const key of barcode) {
        await press(key);
    }
    await press("Enter");
}

function says(text) {
    return {
        content: `The scanner says “${text}”`,
        trigger: `.o_amazon_b2b_scan_message:contains("${text}")`,
    };
}

function row(product) {
    return `.o_data_row:has(.o_data_cell:contains("${product}"))`;
}

function quantity(product, name, value) {
    return {
        content: `${name} of ${product} is ${value}`,
        trigger: `${row(product)} [name=${name}]:not(:has(input)):contains(/^${value}$/)`,
    };
}

registry.category("web_tour.tours").add("amazon_b2b_acknowledge", {
    steps: () => [
        {
            content: "Open the order from the list",
            trigger: ".o_data_cell:contains('4Z1PHX3A')",
            run: "click",
        },
        says("Ready"),
        {
            content: "The time left counts down by itself",
            trigger: CLOCK,
            run: async () => {
                const shown = () => document.querySelector(CLOCK).textContent;
                const before = shown();
                for (let tries = 0; shown() === before; tries++) {
                    if (tries > 50) {
                        throw new Error(`The clock stands still at ${before}`);
                    }
                    await new Promise((resolve) => setTimeout(resolve, 100));
                }
            },
        },
        {
            content: "Scan with nothing in focus",
            trigger: row("Kettle"),
            run: async () => {
                document.activeElement.blur();
                await scanKeys(KETTLE);
            },
        },
        says("Kettle: 1 of 10 EA"),
        quantity("Kettle", "scanned_qty", "1.00"),
        {
            content: "Put the focus into a quantity and type 3 of the toasters",
            trigger: `${row("Toaster")} [name=accepted_qty]`,
            run: "click",
        },
        {
            trigger: `${row("Toaster")} [name=accepted_qty] input`,
            run: "edit 3",
        },
        {
            content: "Scan while the quantity has the focus",
            trigger: `${row("Toaster")} [name=accepted_qty] input`,
            run: async ({anchor}) => {
                anchor.focus();
                await new Promise((resolve) => setTimeout(resolve, 400));
                await scanKeys(KETTLE);
            },
        },
        says("Kettle: 2 of 10 EA"),
        quantity("Kettle", "scanned_qty", "2.00"),
        quantity("Toaster", "accepted_qty", "3.00"),
        {
            content: "What is not on the order is said in red",
            trigger: row("Kettle"),
            run: async () => {
                document.activeElement.blur();
                await scanKeys("5901234123457");
            },
        },
        {
            trigger:
                ".o_amazon_b2b_scan.alert-danger:contains('Unknown barcode: 5901234123457')",
        },
        {
            content: "A barcode may be typed too",
            trigger: ".o_amazon_b2b_scan_input",
            run: `edit ${TOASTER} && press Enter`,
        },
        says("Toaster: 1 of 4 EA"),
        {
            trigger: "button[name=action_undo_scan]",
            run: "click",
        },
        quantity("Toaster", "scanned_qty", "0.00"),
        {
            content: "Send what is there: 2 kettles, 3 toasters",
            trigger: "button[name=action_acknowledge]",
            run: "click",
        },
        {
            content: "It says what it will cancel",
            trigger:
                ".modal .o_data_row:contains('Kettle') [name=rest_qty]:contains(8)",
        },
        {
            content: "A scan now would be missing from what is asked: it is refused",
            trigger: ".modal button[name=action_acknowledge]:visible",
            run: async () => {
                document.activeElement.blur();
                await scanKeys(KETTLE);
            },
        },
        {
            trigger:
                ".o_amazon_b2b_scan_message:contains('Close the open window first')",
        },
        {
            trigger: ".modal button[name=action_acknowledge]:visible",
            run: "click",
        },
        {
            content: "It is acknowledged",
            trigger:
                ".o_statusbar_status .o_arrow_button_current:contains('Acknowledged')",
        },
    ],
});
