import {_t} from "@web/core/l10n/translation";
import {ConnectionLostError} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {useBus, useService} from "@web/core/utils/hooks";
import {uuid} from "@web/core/utils/strings";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {
    Component,
    onWillDestroy,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";

// while a field has the focus, fewer keys than this are a person who types fast
const SHORTEST_IN_INPUT = 6;
const RETRY_MS = 2000;
const ERROR_SOUND = "/barcodes/static/src/audio/error.mp3";

const EDITABLE = "input, textarea, [contenteditable='true']";

/**
 * Listens to the scanner while the form is open and counts each scan on the server.
 *
 * The barcode service ignores keys while an input has the focus, unless the input
 * allows them; then the scanner's keys also land in the input. So the inputs of this
 * form allow them, and what the scanner wrote there is put back. Every scan has an id
 * of its own: it may be asked any number of times and counts once.
 */
export class ScanField extends Component {
    static template = "amazon_b2b_connector.ScanField";
    static props = {...standardFieldProps};

    setup() {
        this.barcode = useService("barcode");
        this.orm = useService("orm");
        this.ui = useService("ui");
        this.root = useRef("root");
        this.state = useState({verdict: null, waiting: 0});
        this.turn = Promise.resolve();
        this.keys = {target: null, count: 0, last: 0, before: ""};
        this.isDestroyed = false;
        useBus(this.barcode.bus, "barcode_scanned", (ev) => this.onScanned(ev.detail));
        useExternalListener(document, "focusin", (ev) => this.allowScanner(ev.target));
        useExternalListener(document, "keydown", (ev) => this.onKeydown(ev), {
            capture: true,
        });
        onWillDestroy(() => (this.isDestroyed = true));
    }

    get message() {
        return (
            this.state.verdict?.message ||
            this.props.record.data[this.props.name] ||
            _t("Ready: scan what lies there.")
        );
    }

    get look() {
        if (!this.state.verdict) {
            return "alert-secondary";
        }
        return this.state.verdict.ok ? "alert-success" : "alert-danger";
    }

    // the scanner's keys in an input

    isOurs(element) {
        const sheet = this.root.el?.closest(".o_form_sheet");
        return sheet?.contains(element) && !this.root.el.contains(element);
    }

    allowScanner(element) {
        if (element.matches?.(EDITABLE) && this.isOurs(element)) {
            element.dataset.enableBarcode = "true";
        }
    }

    /**
     * Remember what an input held before a burst of keys, and end the burst before its
     * Enter or Tab moves the focus. The barcode service then closes it by its timer.
     */
    onKeydown(ev) {
        const target = ev.target;
        if (!target.dataset?.enableBarcode || !this.isOurs(target)) {
            return;
        }
        const now = Date.now();
        const isNew =
            this.keys.target !== target || now - this.keys.last > this.barcodePause;
        const isEnd = ["Enter", "Tab"].includes(ev.key);
        if (isEnd) {
            if (!isNew && this.keys.count >= SHORTEST_IN_INPUT) {
                ev.preventDefault();
                ev.stopPropagation();
                this.putBack(target);
            }
            return;
        }
        if (isNew) {
            this.keys = {target, count: 0, last: now, before: target.value};
        }
        this.keys.last = now;
        if (ev.key?.length === 1) {
            this.keys.count++;
        }
    }

    get barcodePause() {
        return registry.category("services").get("barcode").maxTimeBetweenKeysInMs;
    }

    putBack(target) {
        if (target === this.keys.target && target.value !== this.keys.before) {
            target.value = this.keys.before;
            target.dispatchEvent(new InputEvent("input", {bubbles: true}));
        }
    }

    // a scan

    onScanned({barcode, target}) {
        if (target?.dataset?.enableBarcode && this.isOurs(target)) {
            if (barcode.length < SHORTEST_IN_INPUT) {
                return;
            }
            this.putBack(target);
        }
        this.enqueue(barcode);
    }

    onTyped(ev) {
        if (ev.key === "Enter" && ev.target.value.trim()) {
            ev.preventDefault();
            ev.stopPropagation();
            this.enqueue(ev.target.value.trim());
            ev.target.value = "";
        }
    }

    enqueue(barcode) {
        if (!this.ui.activeElement.contains(this.root.el)) {
            this.tell({
                ok: false,
                message: _t("Not counted: %s. Close the open window first.", barcode),
            });
            return;
        }
        const id = uuid();
        this.state.waiting++;
        // scans are counted in the order in which they were made
        this.turn = this.turn.then(async () => {
            try {
                this.tell(await this.count(barcode, id));
            } catch (error) {
                this.tell({
                    ok: false,
                    message: _t("Not counted: %s. Correct the form first.", barcode),
                });
                // unawaited, so that Odoo shows it and the next scan goes on
                Promise.reject(error);
            } finally {
                this.state.waiting--;
            }
        });
    }

    async count(barcode, id) {
        const record = this.props.record;
        if (!(await record.save())) {
            return {
                ok: false,
                message: _t("Not counted: %s. Correct the form first.", barcode),
            };
        }
        const verdict = await this.ask(record, barcode, id);
        if (!this.isDestroyed) {
            await record.load();
        }
        return verdict;
    }

    /** Ask until there is an answer: the id makes it safe to ask again. */
    async ask(record, barcode, id) {
        while (!this.isDestroyed) {
            try {
                return await this.orm.call(record.resModel, "scan", [
                    [record.resId],
                    barcode,
                    id,
                ]);
            } catch (error) {
                if (!(error instanceof ConnectionLostError)) {
                    throw error;
                }
                this.tell({
                    ok: false,
                    message: _t("No connection: %s waits to be counted.", barcode),
                });
                await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
            }
        }
        return {ok: false, message: ""};
    }

    tell(verdict) {
        this.state.verdict = verdict;
        if (!verdict.ok) {
            // a browser that allows no sound still shows it in red
            new Audio(ERROR_SOUND).play().catch(() => {});
        }
    }
}

export const scanField = {
    component: ScanField,
    supportedTypes: ["char"],
};

registry.category("fields").add("amazon_b2b_scan", scanField);
