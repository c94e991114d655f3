"""What schemathesis cannot know of the service by its description: who logs in, what a CSR is, which ids there are."""

import functools
import os
import uuid
from pathlib import Path

import requests
import schemathesis
from hypothesis import strategies

SANDBOX = os.environ["SANDBOX"]
# In seconds. The sandbox's time runs faster than ours, so its tokens live as much shorter.
TOKEN_LIFE = int(os.environ["TOKEN_LIFE"])
KEY = {"x-api-key": "sandbox-api-key"}

DATA = Path(__file__).parents[2] / "sandbox" / "tests" / "data"
CSRS = [(DATA / name).read_text() for name in ("rsa.csr", "ec_with_sans.csr", "ec_renewed.csr", "explicit_curve.csr")]
schemathesis.openapi.format("csr", strategies.sampled_from(CSRS))


def log_in():
    login = {"username": "demo@example.com", "password": "sandbox-password"}
    return requests.post(f"{SANDBOX}/auth/v1/auth/authenticate", json=login, headers=KEY, timeout=10).json()["token"]


@schemathesis.auth(refresh_interval=TOKEN_LIFE)
class Token:
    def get(self, case, context):
        return log_in()

    def set(self, case, data, context):
        case.headers.update(KEY)
        case.headers["Authorization"] = f"Bearer {data}"


@functools.cache
def known(resource):
    """The ids of the demo. Without them hardly a request would get further than 404."""
    headers = {**KEY, "Authorization": f"Bearer {log_in()}"}
    page = requests.get(f"{SANDBOX}/certs/v1/{resource}", params={"size": 100}, headers=headers, timeout=10).json()
    return page["content"]


def is_id(value):
    """Only what is an id is replaced by another: what was made wrong on purpose has to stay wrong."""
    try:
        return isinstance(value, str) and str(uuid.UUID(value)) == value.lower()
    except ValueError:
        return False


@schemathesis.hook
def flatmap_path_parameters(context, path_parameters):
    if not path_parameters or not is_id(path_parameters.get("id")):
        return strategies.just(path_parameters)
    resource = context.operation.path.split("/")[3]
    real = strategies.sampled_from([row["id"] for row in known(resource)])
    return strategies.one_of(real.map(lambda id: {**path_parameters, "id": id}), strategies.just(path_parameters))


@schemathesis.hook
def flatmap_body(context, body):
    if not isinstance(body, dict) or not is_id(body.get("organizationId")):
        return strategies.just(body)

    def with_organization(organization):
        changed = {**body, "organizationId": organization["id"]}
        if isinstance(body.get("contacts"), list):
            first = organization["contacts"][1]["id"]
            changed["contacts"] = [
                {**contact, "id": first} if isinstance(contact, dict) and is_id(contact.get("id")) else contact
                for contact in body["contacts"]
            ]
        return changed

    real = strategies.sampled_from(known("organization")).map(with_organization)
    return strategies.one_of(real, strategies.just(body))


@schemathesis.hook
def before_call(context, case, kwargs):
    # OpenAPI leaves Accept to the caller. This one call demands the type that its reply has.
    if case.operation.definition.raw.get("operationId") == "orders.download":
        case.headers["Accept"] = "application/x-pkcs7-certificates"
