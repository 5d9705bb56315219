package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"math"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go" // v0.0.1 checks v1 and does not know v1a
)

var trusted []ed25519.PublicKey

// trust reads the keys that the desk publishes.
func trust(address string) error {
	var set struct{ Keys []struct{ Kid string } }
	err := desk("GET", address+"/.well-known/privacy-desk-keys.json", nil, &set)
	for _, k := range set.Keys {
		if text, ok := strings.CutPrefix(k.Kid, "whpk_"); ok {
			key, _ := base64.StdEncoding.DecodeString(text)
			trusted = append(trusted, key)
		}
	}
	return err
}

// genuine checks a call by the desk's published keys (v1a), or with WEBHOOK_SECRET by the secret (v1).
func genuine(h http.Header, body []byte) error {
	if secret := os.Getenv("WEBHOOK_SECRET"); secret != "" {
		library, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			return err
		}
		return library.Verify(body, h)
	}
	at, err := strconv.ParseFloat(h.Get("webhook-timestamp"), 64)
	if err != nil || math.Abs(float64(time.Now().Unix())-at) > 300 {
		return errors.New("who has kept a call cannot send it again later")
	}
	signed := fmt.Appendf(nil, "%s.%s.%s", h.Get("webhook-id"), h.Get("webhook-timestamp"), body)
	for s := range strings.FieldsSeq(h.Get("webhook-signature")) {
		signature, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(s, "v1a,"))
		for _, key := range trusted {
			if err == nil && ed25519.Verify(key, signed, signature) {
				return nil
			}
		}
	}
	return errors.New("not from the desk")
}
