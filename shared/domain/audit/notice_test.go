package audit

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
)

// noticeKeys are those that are published, by their ids.
func noticeKeys(tb testing.TB, s *Signer) map[string]ed25519.PublicKey {
	tb.Helper()
	var set struct{ Keys []struct{ Kid, X string } }
	if err := json.Unmarshal(s.PublicKeys(), &set); err != nil {
		tb.Fatal(err)
	}
	found := map[string]ed25519.PublicKey{}
	for _, k := range set.Keys {
		if text, ok := strings.CutPrefix(k.Kid, "whpk_"); ok {
			public, err := base64.StdEncoding.DecodeString(text)
			if err != nil || base64url.EncodeToString(public) != k.X {
				tb.Errorf("%+v: %v", k, err)
			}
			found[k.Kid] = public
		}
	}
	return found
}

// A system that took the key before the last rotation can check still, and so can one that takes today's.
func TestNoticesAreSignedAcrossARotation(t *testing.T) {
	before, after := signer(t, old), signer(t, both)
	message := []byte("id.1.{}")
	if n := len(before.SignNotice(message)); n != 1 {
		t.Errorf("%d signatures with one key", n)
	}
	signatures := after.SignNotice(message)
	for name, keys := range map[string]map[string]ed25519.PublicKey{"before": noticeKeys(t, before), "after": noticeKeys(t, after)} {
		checked := 0
		for _, key := range keys {
			for _, signature := range signatures {
				if ed25519.Verify(key, message, signature) {
					checked++
				}
			}
		}
		if checked != len(keys) {
			t.Errorf("%s: %d signatures fit %d keys", name, checked, len(keys))
		}
	}
	if len(signatures) != 2 || len(noticeKeys(t, before)) != 1 || len(noticeKeys(t, after)) != 2 {
		t.Errorf("%d signatures", len(signatures))
	}
}

// The pairs are another purpose's: a receipt cannot pass for a notice, nor a notice for a receipt.
func TestNoticesHaveKeysOfTheirOwn(t *testing.T) {
	k := derive(k1)
	if k.jwk.X == k.noticesJWK.X || NoticeKey(public(k.notices)) != k.noticesJWK.KeyID {
		t.Errorf("%+v", k.noticesJWK)
	}
	// Systems have noted it down.
	if k.noticesJWK.KeyID != "whpk_lcfxRwH07Z3ZgRyzRIdxPUtU62eNQ5MhuJzubX1IioM=" {
		t.Errorf("k1's key is %s", k.noticesJWK.KeyID)
	}
}
