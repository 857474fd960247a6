"""Codes of the Orders API 2026-01-01 in the words of Seller Central."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

WORDS = {
    # status of a package
    "PENDING": _lt("Pending"),
    "IN_TRANSIT": _lt("In transit"),
    "SHIPPED": _lt("Shipped"),
    "DELIVERED": _lt("Delivered"),
    "CANCELLED": _lt("Cancelled"),
    "UNDELIVERABLE": _lt("Undeliverable"),
    # programs
    "AMAZON_BAZAAR": _lt("Amazon Bazaar"),
    "AMAZON_BUSINESS": _lt("Amazon Business"),
    "AMAZON_EASY_SHIP": _lt("Amazon Easy Ship"),
    "AMAZON_HAUL": _lt("Amazon Haul"),
    "DELIVERY_BY_AMAZON": _lt("Delivery by Amazon"),
    "FBM_SHIP_PLUS": _lt("FBM Ship+"),
    "INVOICE_BY_AMAZON": _lt("Invoice by Amazon"),
    "IN_STORE_PICK_UP": _lt("In-store pick-up"),
    "PREMIUM": _lt("Premium"),
    "PREORDER": _lt("Pre-order"),
    "PRIME": _lt("Prime"),
    # kinds of charges
    "ITEM": _lt("Item"),
    "SHIPPING": _lt("Shipping"),
    "GIFT_WRAP": _lt("Gift wrap"),
    "COD_FEE": _lt("Cash on delivery fee"),
    "DELIVERY_TIP": _lt("Delivery tip"),
    "DISCOUNT": _lt("Discount"),
    "TAX": _lt("Tax"),
    "OTHER": _lt("Other"),
    # who cancelled
    "BUYER": _lt("Buyer"),
    "MERCHANT": _lt("Seller"),
    "AMAZON": _lt("Amazon"),
    # tax registrations
    "BUSINESS": _lt("Business number"),
    "VAT": _lt("VAT number"),
}
# who asks to cancel stands where the reason is not given
NO_REASON = {"BUYER": _lt("no reason given")}
FULFILLED_BY = {
    "MERCHANT": _lt("Fulfilled by merchant (MFN)"),
    "AMAZON": _lt("Fulfilled by Amazon (FBA)"),
}


def said(env, code, words=None):
    """A code in the reader's words; one that is not known as Amazon writes it."""
    word = (words or WORDS).get(code)
    return env._(word) if word else code
