package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/ledger"
)

// sign makes the headers of one attempt.
func (w *Way) sign(ctx context.Context, system ledger.System, id string, body []byte) (map[string]string, error) {
	stamp := strconv.FormatInt(w.Now().Unix(), 10)
	message := append([]byte(id+"."+stamp+"."), body...)
	var signatures []string
	for _, signature := range w.Signer.SignNotice(message) {
		signatures = append(signatures, "v1a,"+base64.StdEncoding.EncodeToString(signature))
	}
	if system.Secret != "" {
		text, err := w.Secret(ctx, system.Secret)
		if err != nil {
			return nil, err
		}
		key, err := parseSecret(text)
		if err != nil {
			return nil, fault.Wrap(fault.Internal, err, "sign for "+system.ID)
		}
		mac := hmac.New(sha256.New, key)
		mac.Write(message)
		signatures = append(signatures, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	return map[string]string{
		"Content-Type": "application/cloudevents+json; charset=utf-8",
		"webhook-id":   id, "webhook-timestamp": stamp, "webhook-signature": strings.Join(signatures, " "),
	}, nil
}

// parseSecret reads a secret as Standard Webhooks writes it: "whsec_" and base64 of 24 to 64 bytes. The error never holds it.
func parseSecret(text string) ([]byte, error) {
	encoded, ok := strings.CutPrefix(text, "whsec_")
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil || len(key) < 24 || len(key) > 64 {
		return nil, errors.New("its secret is not whsec_ and 24 to 64 bytes in base64")
	}
	return key, nil
}
