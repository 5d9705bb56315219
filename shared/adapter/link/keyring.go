package link

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
)

// KeyRing holds the link keys of one deployment: the current one seals, every
// one opens, so that a link lives on when the keys are rotated.
type KeyRing struct {
	current byte
	keys    map[byte]string
	aeads   sync.Map // purpose and key id -> cipher.AEAD
}

const minKey = 32 // characters

// ParseKeyRing reads {"current":"k2","k1":"…","k2":"…"}: ids are k1 to k255,
// each key a random text of at least 32 characters. The error never holds a
// key.
func ParseKeyRing(text string) (*KeyRing, error) {
	var raw map[string]string
	if json.Unmarshal([]byte(text), &raw) != nil {
		return nil, errors.New("the link keys are not a JSON object of texts")
	}
	ring := &KeyRing{keys: map[byte]string{}}
	for name, key := range raw {
		if name == "current" {
			continue
		}
		id, err := keyID(name)
		if err != nil {
			return nil, err
		}
		if len(key) < minKey {
			return nil, fmt.Errorf("the link key %s must have at least %d characters", name, minKey)
		}
		ring.keys[id] = key
	}
	current, err := keyID(raw["current"])
	if err != nil || ring.keys[current] == "" {
		return nil, errors.New(`"current" of the link keys must name one of them`)
	}
	ring.current = current
	return ring, nil
}

func keyID(name string) (byte, error) {
	digits, ok := strings.CutPrefix(name, "k")
	n, err := strconv.ParseUint(digits, 10, 8)
	if !ok || err != nil || n == 0 {
		return 0, errors.New("a link key's id must be k1 to k255")
	}
	return byte(n), nil
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
