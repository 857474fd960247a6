"""Opaque texts that only this process makes: pagination tokens, presigned URLs."""

from __future__ import annotations

import base64
import hmac
import json
from typing import Any

_LENGTH = 32


class Signer:
    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def signature(self, text: str) -> str:
        return self._digest(text.encode()).hex()

    def holds(self, text: str, signature: str) -> bool:
        return hmac.compare_digest(self.signature(text).encode(), signature.encode())

    def seal(self, value: Any) -> str:
        content = json.dumps(value).encode()
        sealed = base64.urlsafe_b64encode(self._digest(content) + content)
        return sealed.decode().rstrip("=")

    def open(self, token: str) -> Any:
        """What was sealed; raises `ValueError` where it was not sealed here."""
        sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        digest, content = sealed[:_LENGTH], sealed[_LENGTH:]
        if not hmac.compare_digest(digest, self._digest(content)):
            raise ValueError("not sealed here")
        return json.loads(content)

    def _digest(self, content: bytes) -> bytes:
        return hmac.digest(self._secret, content, "sha256")
