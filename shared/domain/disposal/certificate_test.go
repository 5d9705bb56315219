package disposal_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/schedule"
)

// one is the certificate of a small run, with the keys to check it.
func one(t testing.TB) (*rig, []byte, disposal.Certificate) {
	r := newRig(t)
	r.put(schedule.SoftBounces, 3, 100)
	r.sweep(disposal.Task{Class: schedule.SoftBounces})
	proofs, err := r.store.Proofs(background, 2, 1) // the one before that which ends the run
	if err != nil {
		t.Fatal(err)
	}
	return r, proofs[0].Certificate, r.certificates()[0]
}

func TestCertificateSaysWhatWasDone(t *testing.T) {
	r, _, c := one(t)
	want := disposal.Certificate{
		Issuer: "https://privacy.example.com", Run: c.Run, Class: schedule.SoftBounces, Period: "90 days", Action: schedule.Delete,
		Cutoff: c.Cutoff, Deleted: 3, Digest: disposal.Digest([]string{"soft-bounces-100-2", "soft-bounces-100-0", "soft-bounces-100-1"}),
		Build: "test", At: r.clock, Backups: "2026-12-05", Position: c.Position, Prev: audit.Genesis(disposal.DisposalsSubject).Hash,
	}
	if c != want {
		t.Errorf("%+v", c)
	}
	if disposal.Digest(nil) != "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" {
		t.Error("the digest of nothing is that of the empty text")
	}
}

// Every change of the payload's JSON is refused, were it signed by ourselves.
func TestCertificateIsReadStrictly(t *testing.T) {
	_, _, c := one(t)
	good, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var again disposal.Certificate
	if err := json.Unmarshal(good, &again); err != nil || again != c {
		t.Fatalf("%v, %+v", err, again)
	}
	for name, change := range map[string][2]string{
		"a count":              {`"deleted":3`, `"deleted":4`},
		"a count below 0":      {`"deleted":3,"reduced":0`, `"deleted":4,"reduced":-1`},
		"no records":           {`"deleted":3`, `"deleted":0`},
		"another class":        {`"soft-bounces"`, `"request-log"`},
		"another period":       {`"90 days"`, `"91 days"`},
		"another cutoff":       {c.Cutoff.Format("2006-01-02T15"), c.Cutoff.AddDate(0, 0, 1).Format("2006-01-02T15")},
		"another digest":       {c.Digest[:8], "00000000"},
		"another place":        {`"seq":1`, `"seq":2`},
		"a member more":        {`{"iss"`, `{"x":1,"iss"`},
		"a member twice":       {`{"iss"`, `{"iss":"x","iss"`},
		"a member in capitals": {`"iss"`, `"ISS"`},
		"a space":              {`"seq":1`, `"seq": 1`},
		"the last":             {`"last":false`, `"last":true`},
		"a number with dot":    {`"deleted":3`, `"deleted":3.0`},
		"null":                 {`"build":"test"`, `"build":null`},
	} {
		bad := strings.Replace(string(good), change[0], change[1], 1)
		if bad == string(good) {
			t.Fatalf("%s: nothing was changed in %s", name, good)
		}
		if err := new(disposal.Certificate).UnmarshalJSON([]byte(bad)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	for _, text := range []string{"", "null", "[]", "{}", `"x"`} {
		if err := new(disposal.Certificate).UnmarshalJSON([]byte(text)); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

func TestCheckCertificate(t *testing.T) {
	r, signed, _ := one(t)
	other, err := audit.ParseSigner(`{"current":"k1","k1":"another organisation's key, as long as this"}`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := disposal.CheckCertificate(signed, other.PublicKeys()); !errors.Is(err, audit.ErrUnknownKey) {
		t.Errorf("%v", err)
	}
	var jws struct{ Payload, Protected, Signature string }
	if err := json.Unmarshal(signed, &jws); err != nil {
		t.Fatal(err)
	}
	payload, _ := base64.RawURLEncoding.DecodeString(jws.Payload)
	forged := base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(payload), `"deleted":3`, `"deleted":2`, 1)))
	if _, err := disposal.CheckCertificate([]byte(strings.Replace(string(signed), jws.Payload, forged, 1)), r.signer.PublicKeys()); !errors.Is(err, audit.ErrWrongSignature) {
		t.Errorf("%v", err)
	}
	receipt, err := r.signer.Sign(audit.Receipt{Issuer: "x", Kind: audit.OptOut, Reference: "y", What: []string{"email"}, Person: "z", ReceivedAt: t0, EffectiveAt: t0})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := disposal.CheckCertificate(receipt, r.signer.PublicKeys()); !errors.Is(err, audit.ErrWrongType) {
		t.Errorf("a receipt passes for a certificate: %v", err)
	}
	if _, err := audit.Check(signed, r.signer.PublicKeys()); !errors.Is(err, audit.ErrWrongType) {
		t.Errorf("a certificate passes for a receipt: %v", err)
	}
}

// What would prove nothing is not signed.
func TestCertificateThatProvesNothing(t *testing.T) {
	r, _, good := one(t)
	for name, change := range map[string]func(*disposal.Certificate){
		"no run":              func(c *disposal.Certificate) { c.Run = "" },
		"no cutoff":           func(c *disposal.Certificate) { c.Cutoff = c.Cutoff.AddDate(-5000, 0, 0) },
		"a count of none":     func(c *disposal.Certificate) { c.Deleted = 0 },
		"no digest":           func(c *disposal.Certificate) { c.Digest = "" },
		"another build":       func(c *disposal.Certificate) { c.Build = "other" },
		"another predecessor": func(c *disposal.Certificate) { c.Prev = good.Position.Hash },
	} {
		c := good
		change(&c)
		if _, err := r.signer.Sign(c); err == nil {
			t.Errorf("%s is signed", name)
		}
	}
}
