package link

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"log/slog"
	"sync"

	"privacydesk/shared/domain/audit"
)

// KeyRing holds the link keys of one deployment: the current one seals, every
// one opens, so that a link lives on when the keys are rotated.
type KeyRing struct {
	current byte
	keys    map[byte]string
	aeads   sync.Map // purpose and key id -> cipher.AEAD
}

// ParseKeyRing reads the link keys; see audit.ReadKeys.
func ParseKeyRing(text string) (*KeyRing, error) {
	current, keys, err := audit.ReadKeys("link", text)
	if err != nil {
		return nil, err
	}
	ring := &KeyRing{current: byte(current), keys: map[byte]string{}}
	for id, key := range keys {
		ring.keys[byte(id)] = key
	}
	return ring, nil
}

// aead returns the cipher for one purpose and key. Every purpose has a key of
// its own, so a link sealed for one thing opens nothing else.
func (r *KeyRing) aead(p Purpose, id byte) (cipher.AEAD, bool) {
	cacheKey := string(id) + string(p)
	if a, ok := r.aeads.Load(cacheKey); ok {
		return a.(cipher.AEAD), true
	}
	secret, ok := r.keys[id]
	if !ok {
		return nil, false
	}
	key, err := hkdf.Key(sha256.New, []byte(secret), nil, "privacydesk/link/v1/"+string(p), 32)
	if err != nil {
		return nil, false
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, false
	}
	a, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, false
	}
	r.aeads.Store(cacheKey, a)
	return a, true
}

// String hides the keys.
func (*KeyRing) String() string { return "link.KeyRing(***)" }

// GoString hides the keys.
func (r *KeyRing) GoString() string { return r.String() }

// LogValue hides the keys.
func (r *KeyRing) LogValue() slog.Value { return slog.StringValue(r.String()) }
