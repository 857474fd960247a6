import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {Component, onWillUnmount, useState} from "@odoo/owl";

const TICK_MS = 1000;
const pad = (number) => String(number).padStart(2, "0");

/**
 * The time until a deadline (a Datetime field), counted down every second: as Odoo
 * stores it, it would stand still until somebody loads the page again.
 */
export class ClockField extends Component {
    static template = "amazon_b2b_connector.ClockField";
    static props = {...standardFieldProps};

    setup() {
        this.state = useState({now: luxon.DateTime.now()});
        const timer = setInterval(
            () => (this.state.now = luxon.DateTime.now()),
            TICK_MS
        );
        onWillUnmount(() => clearInterval(timer));
    }

    get deadline() {
        return this.props.record.data[this.props.name];
    }

    get isLate() {
        return this.deadline < this.state.now;
    }

    get isDue() {
        return this.deadline.diff(this.state.now, "hours").hours < 6;
    }

    get look() {
        if (this.isLate) {
            return "text-bg-danger";
        }
        return this.isDue ? "text-bg-warning" : "text-bg-info";
    }

    get text() {
        const seconds = Math.abs(
            Math.trunc(this.deadline.diff(this.state.now, "seconds").seconds)
        );
        const hours = Math.floor(seconds / 3600);
        const minutes = Math.floor((seconds % 3600) / 60);
        const span = `${hours}:${pad(minutes)}:${pad(seconds % 60)}`;
        return this.isLate ? _t("late by %s", span) : _t("%s left", span);
    }
}

export const clockField = {
    component: ClockField,
    supportedTypes: ["datetime"],
};

registry.category("fields").add("amazon_b2b_clock", clockField);
