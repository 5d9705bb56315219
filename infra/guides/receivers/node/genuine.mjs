// Whether a call is the desk's: by its published keys (v1a), or with WEBHOOK_SECRET by the secret (v1).
import { createPublicKey, verify } from "node:crypto";
import { Webhook } from "standardwebhooks"; // 1.1.1 checks v1 and does not know v1a

const { DESK, WEBHOOK_SECRET } = process.env;
const { keys } = await (await fetch(`${DESK}/.well-known/privacy-desk-keys.json`)).json();
const trusted = keys.filter((k) => k.kid.startsWith("whpk_")).map((key) => createPublicKey({ key, format: "jwk" }));

export function genuine(headers, body) {
  if (WEBHOOK_SECRET) return new Webhook(WEBHOOK_SECRET).verify(body, headers);
  const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signatures } = headers;
  const signed = Buffer.from(`${id}.${at}.${body}`);
  const ours = signatures.split(" ").filter((s) => s.startsWith("v1a,")).map((s) => Buffer.from(s.slice(4), "base64"));
  const now = Math.abs(Date.now() / 1000 - at) < 300; // who has kept a call cannot send it again later
  if (!now || !ours.some((s) => trusted.some((key) => verify(null, signed, key, s)))) throw new Error("not from the desk");
}
