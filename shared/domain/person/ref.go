package person

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"log/slog"
)

// Ref is the keyed reference of a person: 43 characters of base64url. Records
// are found by it, and it survives the erasure of the address; without the Key
// nobody can compute it from an address (Recital 26 GDPR: pseudonymous).
type Ref string

// Whole reports whether a text can be a reference.
func (r Ref) Whole() bool {
	raw, err := base64.RawURLEncoding.DecodeString(string(r))
	return err == nil && len(raw) == sha256.Size
}

// Key makes references. It must never change: every stored reference would be
// lost with it.
type Key struct{ secret []byte }

const minSecret = 32 // characters: 190 bits of what GenerateSecretString makes

// NewKey makes a Key of a random text of at least 32 characters.
func NewKey(secret string) (Key, error) {
	if len(secret) < minSecret {
		return Key{}, errors.New("the reference key must have at least 32 characters")
	}
	return Key{[]byte(secret)}, nil
}

// Ref returns the reference of the mailbox a.
func (k Key) Ref(a Address) Ref {
	return Ref(k.Digest("ref", a.Reveal()))
}

// Digest is the keyed reference of any other personal text, such as a network
// address. Digests of different kinds cannot be compared.
func (k Key) Digest(kind, text string) string {
	mac := hmac.New(sha256.New, k.secret)
	mac.Write([]byte("privacydesk/" + kind + "/v1\x00" + text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Receipt names a person on what anybody may be shown, as on a receipt for a
// form: who sees it learns nothing of the reference by which records,
// certificates and events know them.
func (k Key) Receipt(r Ref) string { return k.Digest("receipt", string(r)) }

// Source is the keyed reference of a network address.
func (k Key) Source(network string) string { return k.Digest("source", network) }

// Officer is the keyed reference of an officer, by the session name that IAM
// knows them by. It is kept as long as what they did.
func (k Key) Officer(session string) string { return k.Digest("officer", session) }

// String hides the secret.
func (Key) String() string { return "person.Key(***)" }

// GoString hides the secret.
func (k Key) GoString() string { return k.String() }

// LogValue hides the secret.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.String()) }
