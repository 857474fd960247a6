"""Secrets at rest: encrypted in the database with a key that lies outside it.

The key is taken, in this order, from the environment variable
``AMAZON_B2B_KEY``, from ``amazon_b2b_key`` in Odoo's configuration file, or from
a file in the data folder that is made on first use and that only the server's
user may read. Several hosts that share a database need one of the first two.
"""

import os
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from odoo.exceptions import UserError
from odoo.tools import config

KEY_FILE = "amazon_b2b.key"


def seal(env, secret: bytes) -> str:
    """Encrypt ``secret``; the result is text and safe to store."""
    return Fernet(_key(env)).encrypt(secret).decode()


def unseal(env, sealed: str) -> bytes:
    """Decrypt what :func:`seal` gave.

    :raise UserError: the key outside the database is not the one that sealed it
    """
    try:
        return Fernet(_key(env)).decrypt(sealed.encode())
    except InvalidToken:
        raise UserError(
            env._(
                "The secrets in this database were encrypted with another key than "
                "the one this server has. Restore the key file %(file)s from the "
                "server that made them, or enter the secrets again.",
                file=KEY_FILE,
            )
        ) from None


def _key(env) -> bytes:
    configured = os.environ.get("AMAZON_B2B_KEY") or config.get("amazon_b2b_key")
    if configured:
        return _checked(env, configured.encode())
    path = Path(config["data_dir"]) / KEY_FILE
    if not path.exists():
        _make(path)
    return _checked(env, path.read_bytes().strip())


def _make(path: Path) -> None:
    """Write a new key; the first of several workers wins, none sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(Fernet.generate_key())
        file.flush()
        os.fsync(file.fileno())
    # another worker may have made it first: then its key is the one
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def _checked(env, key: bytes) -> bytes:
    try:
        Fernet(key)
    except ValueError:
        raise UserError(
            env._(
                "The key that protects Amazon's secrets is malformed. It is the "
                "url-safe base64 of 32 bytes, as Fernet.generate_key() gives it."
            )
        ) from None
    return key
