"""An identity provider that speaks the protocol on a port of its own, and can be told to lie.

The library hands out tokens whatever verifier comes with a code; here the verifier must be that of the challenge.
"""

import base64
import hashlib
import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from oidc_provider_mock import User, app
from werkzeug.serving import make_server

TOKEN = "/oauth2/token"
DISCOVERY = "/.well-known/openid-configuration"
ISSUER_PATHS = ("/jwks", TOKEN, DISCOVERY)


@dataclass
class Provider:
    """Where it listens, whom it knows, and what it falsifies in the next ID token."""

    issuer: str = ""
    forge: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(auto_kid=True))
    published: RSAKey | None = None
    challenges: dict[str, str] = field(default_factory=dict)
    """The challenge that each code was asked for with."""
    says_of_itself: dict[str, Any] = field(default_factory=dict)

    def agree(self, address: str, subject: str) -> str:
        """Do what the person does on the provider's page; returns where it sends them back to."""
        answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        back = urlsplit(answer.headers["Location"])
        code = parameters(answer.headers["Location"])["code"]
        self.challenges[code] = parameters(address)["code_challenge"]
        return f"{back.path}?{back.query}"

    def proves(self, body: bytes) -> bool:
        """Whether a request for tokens comes from whoever asked for its code (RFC 7636)."""
        sent = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        return self.challenges.get(sent.get("code", "")) == challenge

    def _signed_anew(self, text: str) -> str:
        """The same claims, falsified, under this provider's own key."""
        _header, claims = (json.loads(part) for part in _parts(text))
        forged = self.forge(claims) if self.forge else claims
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, forged, self.key)

    def rewrite(self, path: str, body: bytes) -> bytes:
        """Put this provider's keys and tokens into what the library answers."""
        answer = json.loads(body)
        if path == "/jwks":
            answer = KeySet([self.published or self.key]).as_dict(private=False)
        elif path == DISCOVERY:
            answer |= self.says_of_itself
        elif "id_token" in answer:
            answer["id_token"] = self._signed_anew(answer["id_token"])
        return json.dumps(answer).encode()


def _parts(text: str) -> list[bytes]:
    return [base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in text.split(".")[:2]]


def parameters(address: str) -> dict[str, str]:
    """What an address carries."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@contextmanager
def running(*people: User) -> Iterator[Provider]:
    """A provider that knows these people."""
    provider = Provider()
    library = app(user_claims=people)

    def falsifying(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        path = environ["PATH_INFO"]
        if path not in ISSUER_PATHS:
            return library(environ, start_response)
        sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if path == TOKEN and not provider.proves(sent):
            start_response("400 Bad Request", [("Content-Type", "application/json")])
            return [b'{"error": "invalid_grant"}']
        environ["wsgi.input"] = io.BytesIO(sent)
        told: list[Any] = []
        body = b"".join(library(environ, lambda *answer, **_: told.extend(answer)))
        status, headers = told[:2]
        if status.startswith("200"):
            body = provider.rewrite(path, body)
        headers = [(name, value) for name, value in headers if name != "Content-Length"]
        start_response(status, [*headers, ("Content-Length", str(len(body)))])
        return [body]

    server = make_server("localhost", 0, falsifying, threaded=True)
    provider.issuer = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
