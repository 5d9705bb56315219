package audit

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
)

// Errors of Open and Check. What Open says besides never holds the input.
var (
	ErrMalformed      = errors.New("it is not a whole signed document of ours")
	ErrUnknownKey     = errors.New("it was signed with a key that is not among the published ones")
	ErrWrongSignature = errors.New("the signature does not fit: it was changed, or we did not sign it")
	ErrWrongType      = errors.New("it is a signed document of another type")
	ErrKeys           = errors.New("the published keys cannot be read")
)

// Limits in bytes. A payload grows by a third in base64url.
const (
	maxPayload = 12 << 10
	maxSigned  = 20 << 10
	maxKeySet  = 256 << 10
)

// algorithm is the only one (RFC 8037 section 3.1). It is what we sign with
// and demand, not what a document asks for.
const algorithm = "EdDSA"

// jws is the flattened JSON serialisation (RFC 7515 section 7.2.2).
type jws struct {
	Payload   string `json:"payload"`
	Protected string `json:"protected"`
	Signature string `json:"signature"`
}

type header struct {
	Algorithm string `json:"alg"`
	KeyID     string `json:"kid"`
	Type      string `json:"typ"`
}

// jwk is a public key (RFC 8037 section 2).
type jwk struct {
	Type      string `json:"kty"`
	Curve     string `json:"crv"`
	X         string `json:"x"`
	KeyID     string `json:"kid"`
	Use       string `json:"use"`
	Algorithm string `json:"alg"`
}

// Strict, so that one document has one spelling.
var base64url = base64.RawURLEncoding.Strict()

func newJWK(public ed25519.PublicKey) jwk {
	k := jwk{Type: "OKP", Curve: "Ed25519", X: base64url.EncodeToString(public), Use: "sig", Algorithm: algorithm}
	k.KeyID = k.thumbprint()
	return k
}

// thumbprint names the key by what it is (RFC 7638, RFC 8037 appendix A.3).
func (k jwk) thumbprint() string {
	sum := sha256.Sum256([]byte(`{"crv":"` + k.Curve + `","kty":"` + k.Type + `","x":"` + k.X + `"}`))
	return base64url.EncodeToString(sum[:])
}

// signJWS signs payload as RFC 7515 section 5.1 has it.
func signJWS(key ed25519.PrivateKey, protected, payload []byte) jws {
	j := jws{Payload: base64url.EncodeToString(payload), Protected: base64url.EncodeToString(protected)}
	j.Signature = base64url.EncodeToString(ed25519.Sign(key, j.signingInput()))
	return j
}

func (j jws) signingInput() []byte { return []byte(j.Protected + "." + j.Payload) }

// Open checks a document that Signer.Sign made of a payload of type typ
// against a JWK Set and returns the payload's JSON. Errors: ErrMalformed,
// ErrUnknownKey, ErrWrongSignature, ErrWrongType, ErrKeys.
func Open(signed, jwks []byte, typ string) ([]byte, error) {
	j, h, err := readJWS(signed)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	payload, errPayload := base64url.DecodeString(j.Payload)
	signature, errSignature := base64url.DecodeString(j.Signature)
	if errPayload != nil || errSignature != nil || len(signature) != ed25519.SignatureSize {
		return nil, fmt.Errorf("%w: payload or signature", ErrMalformed)
	}
	key, err := findKey(jwks, h.KeyID)
	if err != nil {
		return nil, err
	}
	if !ed25519.Verify(key, j.signingInput(), signature) {
		return nil, ErrWrongSignature
	}
	if h.Type != typ {
		return nil, ErrWrongType
	}
	return payload, nil
}

func readJWS(signed []byte) (j jws, h header, err error) {
	if len(signed) > maxSigned {
		return j, h, fmt.Errorf("over %d bytes", maxSigned)
	}
	o := readObject(signed)
	j = jws{o.text("payload"), o.text("protected"), o.text("signature")}
	if err := o.end(); err != nil {
		return j, h, err
	}
	protected, err := base64url.DecodeString(j.Protected)
	if err != nil {
		return j, h, errors.New("protected is not base64url")
	}
	o = readObject(protected)
	h = header{o.text("alg"), o.text("kid"), o.text("typ")}
	if h.Algorithm != algorithm {
		o.fail("alg", "is not "+algorithm)
	}
	return j, h, o.end()
}

// findKey returns the Ed25519 key with an id out of a JWK Set. Keys of other
// kinds, and members that are not known, are passed over (RFC 7517 section 5).
func findKey(jwks []byte, id string) (ed25519.PublicKey, error) {
	if len(jwks) > maxKeySet {
		return nil, fmt.Errorf("%w: over %d bytes", ErrKeys, maxKeySet)
	}
	set := readObject(jwks)
	for _, item := range set.list("keys") {
		k := readObject(item)
		if !k.is("kty", "OKP") || !k.is("crv", "Ed25519") || !k.is("kid", id) ||
			k.has("alg") && !k.is("alg", algorithm) || k.has("use") && !k.is("use", "sig") {
			continue
		}
		x, err := base64url.DecodeString(k.text("x"))
		if err != nil || len(x) != ed25519.PublicKeySize {
			return nil, fmt.Errorf("%w: a key is not 32 bytes of base64url", ErrKeys)
		}
		return x, nil
	}
	if set.err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKeys, set.err)
	}
	return nil, ErrUnknownKey
}

// is reports whether a member is there and has a text.
func (o *object) is(name, want string) bool {
	var s string
	return json.Unmarshal(o.members[name], &s) == nil && s == want
}
