"""Whether a call is the desk's: by its published keys (v1a), or with WEBHOOK_SECRET by the secret (v1)."""
import base64, json, os, time, urllib.request
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook  # 1.1.0 checks v1 and does not know v1a

SECRET = os.environ.get("WEBHOOK_SECRET")

def desk(address, outcome=None):
    data = outcome and json.dumps(outcome).encode()
    call = urllib.request.Request(address, data, {"Accept": "application/json", "Content-Type": "application/json"})
    with urllib.request.urlopen(call, timeout=5) as answer:
        return json.load(answer)

keys = [k["kid"].removeprefix("whpk_") for k in desk(os.environ["DESK"] + "/.well-known/privacy-desk-keys.json")["keys"] if k["kid"].startswith("whpk_")]
trusted = [Ed25519PublicKey.from_public_bytes(base64.b64decode(k)) for k in keys]

def fits(key, signature, signed):
    try:
        return key.verify(signature, signed) is None
    except Exception:
        return False

def genuine(headers, body):
    if SECRET:
        return Webhook(SECRET).verify(body, headers)
    signed = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    ours = [base64.b64decode(s[4:]) for s in headers["webhook-signature"].split() if s.startswith("v1a,")]
    now = abs(time.time() - int(headers["webhook-timestamp"])) < 300  # who has kept a call cannot send it again later
    if not now or not any(fits(k, s, signed) for k in trusted for s in ours):
        raise ValueError("not from the desk")
