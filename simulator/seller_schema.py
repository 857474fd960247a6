"""The tables of the seller's side, beside what `store` gives every side.

Times are seconds since the epoch on the stand-in's own clock; `content` is JSON.
"""

SELLER_SCHEMA = """
CREATE TABLE IF NOT EXISTS application (
    application_id TEXT PRIMARY KEY, client_id TEXT NOT NULL UNIQUE,
    client_secret TEXT NOT NULL, redirect_uris TEXT NOT NULL,
    draft INTEGER NOT NULL, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS seller (
    seller_id TEXT PRIMARY KEY, store_name TEXT NOT NULL,
    marketplaces TEXT NOT NULL, roles TEXT NOT NULL, vcs INTEGER NOT NULL,
    hidden_columns TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS code (
    code TEXT PRIMARY KEY, client_id TEXT NOT NULL, redirect_uri TEXT NOT NULL,
    seller_id TEXT NOT NULL, at REAL NOT NULL, used INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS token (
    token TEXT PRIMARY KEY, kind TEXT NOT NULL, client_id TEXT NOT NULL,
    seller_id TEXT NOT NULL, dies REAL NOT NULL, revoked INTEGER NOT NULL DEFAULT 0,
    content TEXT NOT NULL DEFAULT '[]', parent TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS bucket (
    client_id TEXT NOT NULL, seller_id TEXT NOT NULL, operation TEXT NOT NULL,
    tokens REAL NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (client_id, seller_id, operation));
CREATE TABLE IF NOT EXISTS request (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL,
    seller_id TEXT NOT NULL, operation TEXT NOT NULL, method TEXT NOT NULL,
    path TEXT NOT NULL, parameters TEXT NOT NULL, status INTEGER NOT NULL,
    error TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS seller_order (
    seller_id TEXT NOT NULL, order_id TEXT NOT NULL, marketplace_id TEXT NOT NULL,
    fulfilled_by TEXT NOT NULL, status TEXT NOT NULL, created REAL NOT NULL,
    updated REAL NOT NULL, released REAL, content TEXT NOT NULL,
    PRIMARY KEY (seller_id, order_id));
CREATE INDEX IF NOT EXISTS order_updated
    ON seller_order (seller_id, updated, order_id);
CREATE INDEX IF NOT EXISTS order_created
    ON seller_order (seller_id, created, order_id);
CREATE TABLE IF NOT EXISTS fba_shipment (
    seller_id TEXT NOT NULL, order_id TEXT NOT NULL, shipment_id TEXT NOT NULL,
    at REAL NOT NULL, content TEXT NOT NULL, PRIMARY KEY (seller_id, shipment_id));
CREATE TABLE IF NOT EXISTS report (
    report_id TEXT PRIMARY KEY, seller_id TEXT NOT NULL, report_type TEXT NOT NULL,
    created REAL NOT NULL, fate TEXT NOT NULL, document_id TEXT NOT NULL,
    content TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS report_document (
    document_id TEXT PRIMARY KEY, seller_id TEXT NOT NULL, report_type TEXT NOT NULL,
    charset TEXT NOT NULL, gzip INTEGER NOT NULL, body BLOB NOT NULL);
"""
