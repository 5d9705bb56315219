// Package webhook tells a system by a signed call: the headers of Standard Webhooks 1.0, a CloudEvents 1.0 event in JSON
// as the body, and in it the sealed address from which the system fetches whom it is about and to which it answers.
//
//	webhook-id         the notice's, the same in each attempt
//	webhook-timestamp  seconds since 1970, of the attempt
//	webhook-signature  "v1a," and ed25519 with each key of the desk; "v1," and HMAC-SHA256 where desk.yaml names a secret
//
// No personal data is in a call: it may be kept by whoever carries it, and is repeated. The package must not know what a
// sealed address holds, nor store anything.
package webhook
