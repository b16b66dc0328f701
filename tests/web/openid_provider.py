"""An OpenID provider of its own on a real port: Authlib's server, with PKCE demanded, and told by a test to lie."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, jsonify, request
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "krachtmeting", "a secret between the two"


class Provider:
    """What the provider says of who signs in there. `claims` are put into the token in the place of true ones."""

    def __init__(self) -> None:
        self.subject = "ilse-at-work"
        self.claims: dict[str, Any] = {}
        self.sign_with: RSAKey | None = None
        self.metadata: dict[str, Any] = {}
        self.asked: list[dict[str, str]] = []
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, auto_kid=False)
        self.codes: dict[str, Code] = {}
        self.issuer = ""


class Client:
    """The one client that the provider knows: our server."""

    client_id = CLIENT
    client_metadata: ClassVar[dict[str, Any]] = {}

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == "http://localhost/sign-in/organisation/back"

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Code:
    """A code that was given out, with what was asked for."""

    def __init__(self, asked: dict[str, str], subject: str) -> None:
        self.asked, self.subject = asked, subject
        self.code_challenge = asked.get("code_challenge")
        self.code_challenge_method = asked.get("code_challenge_method")

    def get_redirect_uri(self) -> str:
        return self.asked["redirect_uri"]

    def get_scope(self) -> str:
        return self.asked["scope"]

    def get_nonce(self) -> str | None:
        return self.asked.get("nonce")

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None

    def is_expired(self) -> bool:
        return False


def _app(provider: Provider) -> Flask:
    app = Flask("openid_provider")
    app.secret_key = "provider"
    app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = False

    class Grant(grants.AuthorizationCodeGrant):  # type: ignore[misc]
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

        def save_authorization_code(self, code: str, request: Any) -> None:
            provider.codes[code] = Code(dict(request.payload.data), provider.subject)

        def query_authorization_code(self, code: str, client: Any) -> Code | None:
            return provider.codes.get(code)

        def delete_authorization_code(self, authorization_code: Code) -> None:
            provider.codes = {key: one for key, one in provider.codes.items() if one is not authorization_code}

        def authenticate_user(self, authorization_code: Code) -> str:
            return authorization_code.subject

    class Identity(OpenIDCode):  # type: ignore[misc]
        def exists_nonce(self, nonce: str, request: Any) -> bool:
            return False

        def resolve_client_private_key(self, client: Any) -> Any:
            return provider.sign_with or provider.key

        def get_client_algorithm(self, client: Any) -> str:
            return "RS256"

        def get_client_claims(self, client: Any) -> dict[str, Any]:
            return {"iss": provider.issuer}

        def generate_user_info(self, user: str, scope: str) -> UserInfo:
            return UserInfo(sub=user)

        def encode_id_token(self, token: dict[str, Any], request: Any) -> str:
            now = int(time.time())
            claims = {
                "iss": provider.issuer, "aud": CLIENT, "sub": request.user, "iat": now, "exp": now + 300,
                "auth_time": now, "nonce": request.authorization_code.get_nonce(),
            } | provider.claims  # fmt: skip
            return jwt.encode({"alg": "RS256", "kid": "one"}, claims, provider.sign_with or provider.key)

    server = AuthorizationServer(app, query_client=lambda one: Client() if one == CLIENT else None,
                                 save_token=lambda token, request: None)  # fmt: skip
    server.register_grant(Grant, [Identity(require_nonce=True), CodeChallenge(required=True)])

    @app.get("/.well-known/openid-configuration")
    def description() -> Any:
        return jsonify({
            "issuer": provider.issuer,
            "authorization_endpoint": f"{provider.issuer}/authorize",
            "token_endpoint": f"{provider.issuer}/token",
            "jwks_uri": f"{provider.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "code_challenge_methods_supported": ["S256"],
        } | provider.metadata)  # fmt: skip

    @app.get("/keys")
    def keys() -> Any:
        return jsonify(KeySet([provider.key]).as_dict(private=False))

    @app.get("/authorize")
    def authorize() -> Any:
        provider.asked.append(request.args.to_dict())
        grant = server.get_consent_grant(end_user=provider.subject)
        return server.create_authorization_response(grant=grant, grant_user=provider.subject)

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    return app


@contextmanager
def running() -> Iterator[Provider]:
    """The provider, while it listens."""
    provider = Provider()
    listening = make_server("127.0.0.1", 0, _app(provider), threaded=True)
    provider.issuer = f"http://127.0.0.1:{listening.server_port}"
    thread = threading.Thread(target=listening.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield provider
    listening.shutdown()
    thread.join(5)
    listening.server_close()
