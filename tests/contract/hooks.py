"""What schemathesis cannot know of the service by its description: how to log in, what a CSR is, and one header."""

import os
from pathlib import Path

import requests
import schemathesis
from hypothesis import strategies

DATA = Path(__file__).parents[2] / "sandbox" / "tests" / "data"
CSRS = [(DATA / name).read_text() for name in ("rsa.csr", "ec_with_sans.csr", "ec_renewed.csr", "explicit_curve.csr")]
schemathesis.openapi.format("csr", strategies.sampled_from(CSRS))


# The sandbox's time runs faster, so a token lives for seconds.
@schemathesis.auth(refresh_interval=int(os.environ["TOKEN_LIFE"]))
class Token:
    def get(self, case, context):
        login = {"username": "demo@example.com", "password": "sandbox-password"}
        url = os.environ["SANDBOX"] + "/auth/v1/auth/authenticate"
        reply = requests.post(url, json=login, headers={"x-api-key": "sandbox-api-key"}, timeout=10)
        return reply.json()["token"]

    def set(self, case, data, context):
        case.headers["x-api-key"] = "sandbox-api-key"
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_call(context, case, kwargs):
    # OpenAPI leaves Accept to the caller. This one call demands the type that its reply has.
    if case.operation.definition.raw.get("operationId") == "downloadCertificate":
        case.headers["Accept"] = "application/x-pkcs7-certificates"
