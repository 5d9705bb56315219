package audit

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"

	"privacydesk/shared/domain/fault"
)

// Signer holds the receipt keys of one deployment: the current one signs, the
// public halves of all are published, so that a receipt can be checked after
// the keys are rotated.
type Signer struct {
	current int
	keys    map[int]func() signingKey // by number; made when first asked for
	public  func() []byte
}

// signingKey is two pairs: one for receipts, one for what other systems are sent.
type signingKey struct {
	private, notices ed25519.PrivateKey
	jwk, noticesJWK  jwk
}

const (
	minKey  = 32 // characters
	maxKeys = 255
)

// ParseSigner reads the receipt keys; see ReadKeys.
func ParseSigner(text string) (*Signer, error) {
	current, secrets, err := ReadKeys("receipt", text)
	if err != nil {
		return nil, err
	}
	s := &Signer{current: current, keys: map[int]func() signingKey{}}
	for id, secret := range secrets {
		s.keys[id] = sync.OnceValue(func() signingKey { return derive(secret) })
	}
	s.public = sync.OnceValue(s.keySet)
	return s, nil
}

// ReadKeys reads a ring of keys, {"current":"k2","k1":"…","k2":"…"}: ids are k1
// to k255, each key a random text of at least 32 characters. The error says of
// which purpose the keys are, and never holds a key.
func ReadKeys(purpose, text string) (current int, keys map[int]string, err error) {
	var ring map[string]string
	if json.Unmarshal([]byte(text), &ring) != nil {
		return 0, nil, fmt.Errorf("the %s keys are not a JSON object of texts", purpose)
	}
	keys = map[int]string{}
	for name, secret := range ring {
		id := keyNumber(name)
		switch {
		case name == "current":
			continue
		case id == 0:
			return 0, nil, fmt.Errorf("a %s key's id must be k1 to k%d", purpose, maxKeys)
		case len(secret) < minKey:
			return 0, nil, fmt.Errorf("the %s key %s must have at least %d characters", purpose, name, minKey)
		}
		keys[id] = secret
	}
	if current = keyNumber(ring["current"]); keys[current] == "" {
		return 0, nil, fmt.Errorf(`"current" of the %s keys must name one of them`, purpose)
	}
	return current, keys, nil
}

// keyNumber is 0 for what is no key's name.
func keyNumber(name string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(name, "k"))
	if n < 1 || n > maxKeys || name != "k"+strconv.Itoa(n) {
		return 0
	}
	return n
}

// derive makes the key pairs of one text of the ring.
func derive(secret string) signingKey {
	k := signingKey{private: pair(secret, "privacydesk/register/ed25519/v1"), notices: pair(secret, "privacydesk/notices/ed25519/v1")}
	k.jwk, k.noticesJWK = newJWK(public(k.private)), newJWK(public(k.notices))
	k.noticesJWK.KeyID = NoticeKey(public(k.notices))
	return k
}

func pair(secret, purpose string) ed25519.PrivateKey {
	seed, err := hkdf.Key(sha256.New, []byte(secret), nil, purpose, ed25519.SeedSize)
	if err != nil {
		panic(err) // only for more than 8,160 bytes
	}
	return ed25519.NewKeyFromSeed(seed)
}

func public(k ed25519.PrivateKey) ed25519.PublicKey { return k.Public().(ed25519.PublicKey) }

// Payload is what can be signed: its JSON form, and in Typ the media type of
// that (without "application/", RFC 7515 section 4.1.9), which tells one kind
// of signed thing from another. A new form of the JSON needs a new type.
type Payload interface{ Typ() string }

// Sign returns p, signed with the current key, as a flattened JWS. A payload
// that says of itself that it is not whole, or is over 12 KiB, is an Internal
// fault. Nothing is read or asked: it takes some 30 µs.
func (s *Signer) Sign(p Payload) ([]byte, error) {
	payload, err := marshal(p)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "sign a "+p.Typ())
	}
	if len(payload) > maxPayload {
		return nil, fault.New(fault.Internal, "sign a %s: over %d bytes", p.Typ(), maxPayload)
	}
	key := s.keys[s.current]()
	protected, err := marshal(header{algorithm, key.jwk.KeyID, p.Typ()})
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "sign a "+p.Typ())
	}
	return marshal(signJWS(key.private, protected, payload))
}

// SignNotice signs what another system is sent, with the current key and with the one
// before it, so that a system which knows only that one has until the next rotation.
// Each signature has 64 bytes.
func (s *Signer) SignNotice(message []byte) [][]byte {
	signatures := [][]byte{ed25519.Sign(s.keys[s.current]().notices, message)}
	for id := s.current - 1; id > 0; id-- {
		if key := s.keys[id]; key != nil {
			return append(signatures, ed25519.Sign(key().notices, message))
		}
	}
	return signatures
}

// NoticeKey writes a public key of notices as Standard Webhooks 1.0 does: "whpk_" and
// base64. The published key has this as its kid.
func NoticeKey(public ed25519.PublicKey) string {
	return "whpk_" + base64.StdEncoding.EncodeToString(public)
}

// PublicKeys returns the JWK Set (RFC 7517) of every key of the ring, for
// /.well-known/privacy-desk-keys.json: those of receipts, then those of notices.
func (s *Signer) PublicKeys() []byte { return s.public() }

func (s *Signer) keySet() []byte {
	var set struct {
		Keys []jwk `json:"keys"`
	}
	for id := range maxKeys + 1 {
		if key := s.keys[id]; key != nil {
			set.Keys = append(set.Keys, key().jwk)
		}
	}
	for id := range maxKeys + 1 {
		if key := s.keys[id]; key != nil {
			set.Keys = append(set.Keys, key().noticesJWK)
		}
	}
	out, err := marshal(set)
	if err != nil {
		panic(err) // texts only
	}
	return out
}

// String hides the keys.
func (*Signer) String() string { return "audit.Signer(***)" }

// GoString hides the keys.
func (s *Signer) GoString() string { return s.String() }

// LogValue hides the keys.
func (s *Signer) LogValue() slog.Value { return slog.StringValue(s.String()) }
