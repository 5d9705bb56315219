package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
)

func TestReceiptCheck(t *testing.T) {
	r := newRig(t)
	r.Expect(get("/receipts/check?lang=de", browser...), http.StatusOK, `lang="de"`)
	good := r.receipt(r.opened(california, deadline.Access))
	r.handler.signer = signer(t, secondKey)
	foreign := r.receipt(r.opened(california, deadline.Access))
	r.handler.signer = signer(t, bothKeys) // rotated since: old receipts hold
	var parts map[string]string
	if err := json.Unmarshal([]byte(good), &parts); err != nil {
		t.Fatal(err)
	}
	forge := func(member, value string) string {
		forged := map[string]string{"payload": parts["payload"], "protected": parts["protected"], "signature": parts["signature"]}
		forged[member] = value
		text, _ := json.Marshal(forged)
		return string(text)
	}
	payload, _ := base64.RawURLEncoding.DecodeString(parts["payload"])
	later := base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(payload), "2026", "2025", 1)))
	for name, c := range map[string]struct {
		text   string
		valid  bool
		reason string
		words  string
	}{
		"valid":             {good, true, "", "m***@e***.com"},
		"valid, with blank": {"\n  " + good + "\n\n", true, "", "US"},
		"by the other key":  {foreign, true, "", ""},
		"forged":            {forge("payload", later), false, "forged", ""},
		"signature cut off": {forge("signature", parts["signature"][:20]), false, "unreadable", ""},
		"another signature": {forge("signature", strings.Repeat("A", 86)), false, "forged", ""},
		"garbage":           {"hello", false, "unreadable", ""},
		"markup":            {"</textarea><script>evil</script>", false, "unreadable", ""},
		"JSON of no use":    {`{"payload":""}`, false, "unreadable", ""},
	} {
		t.Run(name, func(t *testing.T) {
			body := url.Values{"receipt": {c.text}, "lang": {"en"}}.Encode()
			reads := len(r.store.reads)
			got := r.Expect(post("/receipts/check", body, script...), http.StatusOK, "").JSON(t)
			if got.Valid != c.valid || got.Status != "checked" || got.Reason != c.reason {
				t.Errorf("%+v", got)
			}
			a := r.Expect(post("/receipts/check", body, browser...), http.StatusOK, "")
			if strings.Contains(a.Body, "<script") || !strings.Contains(a.Text, strings.TrimSpace(c.text)) {
				t.Error("what was typed is lost, or not escaped")
			}
			if c.valid && !strings.Contains(a.Text, "m***@e***.com") || !c.valid && strings.Contains(a.Brief(), "m***@e***.com") {
				t.Error(a.Brief())
			}
			if len(r.store.reads) != reads || len(r.store.writes) > 4 {
				t.Error("something was looked up")
			}
		})
	}
	r.handler.signer = signer(t, firstKey)
	body := url.Values{"receipt": {foreign}}.Encode()
	if got := r.Expect(post("/receipts/check", body, script...), http.StatusOK, "").JSON(t); got.Valid || got.Reason != "unknown_key" {
		t.Errorf("%+v", got)
	}
	r.Expect(post("/receipts/check", body, browser...), http.StatusOK, "")
}

func TestReceiptChecksThatAreNone(t *testing.T) {
	r := newRig(t)
	for body, status := range map[string]int{"": 422, "receipt=+": 422, "receipt=" + strings.Repeat("x", 33<<10): 413, "receipt=" + strings.Repeat("x", 256<<10): 413} {
		if got := r.Expect(post("/receipts/check", body, script...), status, "").JSON(t); (got.Fields() == "receipt") != (status == 422) {
			t.Errorf("%+v", got)
		}
		a := r.Expect(post("/receipts/check", body, browser...), status, "")
		if status == 422 && !strings.Contains(a.Body, `name="receipt"`) {
			t.Error("people lose the form")
		}
	}
	r.Expect(post("/receipts/check", "<a/>", append([]string{"Content-Type", "application/xml"}, script...)...), http.StatusUnsupportedMediaType, "")
}

// RFC 7517, RFC 8037: any JOSE library can check a receipt with these keys.
func TestKeys(t *testing.T) {
	r := newRig(t)
	r.handler.signer = signer(t, bothKeys)
	receipt := r.receipt(r.opened(california, deadline.Access))
	a := r.Expect(get("/.well-known/privacy-desk-keys.json", mailClient...), http.StatusOK, "")
	if a.Headers["content-type"] != "application/jwk-set+json" || !strings.Contains(a.Headers["cache-control"], "max-age=3600") || a.Headers["access-control-allow-origin"] != "*" {
		t.Errorf("%v", a.Headers)
	}
	var set struct {
		Keys []struct{ Kty, Crv, X, Kid, Alg, Use, D string }
	}
	if err := json.Unmarshal([]byte(a.Body), &set); err != nil || len(set.Keys) != 4 { // two of receipts, two of notices
		t.Fatalf("%v: %s", err, a.Body)
	}
	kids := map[string]bool{}
	for _, k := range set.Keys {
		x, err := base64.RawURLEncoding.DecodeString(k.X)
		if k.Kty != "OKP" || k.Crv != "Ed25519" || err != nil || len(x) != ed25519.PublicKeySize || k.Kid == "" || k.D != "" || kids[k.Kid] {
			t.Errorf("%+v, %v", k, err)
		}
		kids[k.Kid] = true
	}
	if _, err := audit.Check([]byte(receipt), []byte(a.Body)); err != nil {
		t.Error(err)
	}
	if strings.Contains(a.Body, strings.Repeat("a", 32)) {
		t.Error("a secret is published")
	}
	r.Expect(call{Method: http.MethodHead, Path: "/.well-known/privacy-desk-keys.json"}, http.StatusOK, "")
}

// A receipt that cannot be signed fails nothing that was done.
func TestNoReceipt(t *testing.T) {
	r := newRig(t)
	r.BaseURL = ""
	a := r.Expect(postForm(mine, script...), http.StatusOK, "received")
	if strings.Contains(a.Body, `"receipt"`) {
		t.Error(a.Body)
	}
	q := r.only(marvin)
	r.Expect(postForm(mine, browser...), http.StatusOK, thankYou)
	r.Expect(post(r.to("confirm", q), asSent(q), script...), http.StatusOK, "confirmed")
	r.Expect(get(r.to("status", q), browser...), http.StatusOK, q.ID)
}
