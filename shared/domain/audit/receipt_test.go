package audit

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
)

var (
	k1   = strings.Repeat("1", 32)
	k2   = strings.Repeat("2", 32)
	old  = `{"current":"k1","k1":"` + k1 + `"}`
	both = `{"current":"k2","k1":"` + k1 + `","k2":"` + k2 + `"}`
)

func signer(tb testing.TB, ring string) *Signer {
	tb.Helper()
	s, err := ParseSigner(ring)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func sign(tb testing.TB, s *Signer, p Payload) []byte {
	tb.Helper()
	signed, err := s.Sign(p)
	if err != nil {
		tb.Fatal(err)
	}
	return signed
}

func optOut() Receipt {
	return Receipt{
		Issuer: "https://privacy.example.com", Kind: OptOut, Reference: "o-7", What: []string{"email", "sms"},
		ReceivedAt: start, EffectiveAt: start, Person: "z***@e***.com", Build: "v1.2-3",
	}
}

func request() Receipt {
	return Receipt{
		Issuer: "https://privacy.example.com", Kind: Request, Reference: "R-1", What: []string{"access"},
		ReceivedAt: start, DueAt: start.AddDate(0, 1, 0), Head: &Head{"R-1", 1, hashOf(nil)}, Person: "z***@e***.com",
	}
}

func TestReceiptRoundTrip(t *testing.T) {
	for name, want := range map[string]Receipt{
		"opt-out":  optOut(),
		"request":  request(),
		"disposal": {Issuer: "https://x.example", Kind: Disposal, Reference: "R-1", What: []string{"<all> & more"}, ReceivedAt: start, EffectiveAt: start.Add(time.Millisecond)},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Check(sign(t, signer(t, old), want), signer(t, old).PublicKeys())
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("Check = %+v, %v; want %+v", got, err, want)
			}
		})
	}
}

// RFC 8037 appendices A.1 to A.5.
func TestRFC8037(t *testing.T) {
	seed, err1 := base64url.DecodeString("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A")
	public, err2 := base64url.DecodeString("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	key := ed25519.NewKeyFromSeed(seed)
	if got := newJWK(public).KeyID; got != "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k" || !bytes.Equal(key.Public().(ed25519.PublicKey), public) {
		t.Errorf("thumbprint %s", got)
	}
	got := signJWS(key, []byte(`{"alg":"EdDSA"}`), []byte("Example of Ed25519 signing"))
	want := jws{"RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc", "eyJhbGciOiJFZERTQSJ9", "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"}
	if got != want || !ed25519.Verify(public, got.signingInput(), ed25519.Sign(key, got.signingInput())) {
		t.Errorf("got %v", got)
	}
}

func TestRotation(t *testing.T) {
	before, after := signer(t, old), signer(t, both)
	receipt := sign(t, before, optOut())
	if _, err := Check(receipt, after.PublicKeys()); err != nil {
		t.Errorf("a receipt of a retired key: %v", err)
	}
	if _, err := Check(sign(t, after, optOut()), before.PublicKeys()); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("a key that is not there yet: %v", err)
	}
	// Another ring's k1 is another key, not a forgery.
	if _, err := Check(receipt, signer(t, `{"current":"k1","k1":"`+k2+`"}`).PublicKeys()); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("another organisation's keys: %v", err)
	}
}

// parts of a signed receipt, for tests that put it together otherwise.
func parts(tb testing.TB, signed []byte) (j jws, h map[string]any) {
	tb.Helper()
	if err := json.Unmarshal(signed, &j); err != nil {
		tb.Fatal(err)
	}
	protected, _ := base64url.DecodeString(j.Protected)
	if err := json.Unmarshal(protected, &h); err != nil {
		tb.Fatal(err)
	}
	return j, h
}

func TestCheckRefuses(t *testing.T) {
	s := signer(t, old)
	good := sign(t, s, optOut())
	key := s.keys[1]().private
	j, h := parts(t, good)
	payload, _ := base64url.DecodeString(j.Payload)
	// resigned has a right signature over what should not be signed so.
	resigned := func(change func(h map[string]any), payload string) []byte {
		_, h := parts(t, good)
		change(h)
		protected, _ := json.Marshal(h)
		out, _ := json.Marshal(signJWS(key, protected, []byte(payload)))
		return out
	}
	set := func(name string, v any) func(map[string]any) { return func(h map[string]any) { h[name] = v } }
	same := func(map[string]any) {}
	edit := func(from, to string) string { return strings.Replace(string(payload), from, to, 1) }
	text := func(from, to string) []byte { return []byte(strings.Replace(string(good), from, to, 1)) }
	for name, c := range map[string]struct {
		receipt []byte
		want    error
	}{
		"nothing":                     {nil, ErrMalformed},
		"no JSON":                     {[]byte("receipt"), ErrMalformed},
		"compact form":                {[]byte(j.Protected + "." + j.Payload + "." + j.Signature), ErrMalformed},
		"a member more":               {text(`{`, `{"header":{},`), ErrMalformed},
		"a member twice":              {text(`{`, `{"payload":"e30",`), ErrMalformed},
		"huge":                        {text(`{`, `{`+strings.Repeat(" ", maxSigned)), ErrMalformed},
		"padded base64":               {text(j.Signature, j.Signature+"=="), ErrMalformed},
		"a cut signature":             {text(j.Signature, j.Signature[:84]), ErrMalformed},
		"no signature":                {text(j.Signature, ""), ErrMalformed},
		"another payload":             {text(j.Payload, base64url.EncodeToString([]byte(edit("sms", "fax")))), ErrWrongSignature},
		"another's signature":         {text(j.Signature, func() string { o, _ := parts(t, sign(t, s, request())); return o.Signature }()), ErrWrongSignature},
		"alg none":                    {resigned(set("alg", "none"), string(payload)), ErrMalformed},
		"alg HS256":                   {resigned(set("alg", "HS256"), string(payload)), ErrMalformed},
		"alg in another case":         {resigned(set("alg", "EDDSA"), string(payload)), ErrMalformed},
		"its own key":                 {resigned(set("jwk", map[string]string{"kty": "OKP"}), string(payload)), ErrMalformed},
		"a critical extension":        {resigned(set("crit", []string{"b64"}), string(payload)), ErrMalformed},
		"no kid":                      {resigned(func(h map[string]any) { delete(h, "kid") }, string(payload)), ErrMalformed},
		"another kid":                 {resigned(set("kid", "k1"), string(payload)), ErrUnknownKey},
		"another type":                {resigned(set("typ", "privacydesk-certificate+json"), string(payload)), ErrWrongType},
		"payload no JSON":             {resigned(same, "x"), ErrMalformed},
		"payload null":                {resigned(same, "null"), ErrMalformed},
		"payload with a member more":  {resigned(same, edit("{", `{"more":1,`)), ErrMalformed},
		"payload with a member less":  {resigned(same, edit(`"reference":"o-7",`, "")), ErrMalformed},
		"payload of another kind":     {resigned(same, edit(`"opt-out"`, `"opt-in"`)), ErrMalformed},
		"payload with an address":     {resigned(same, edit("z***@e***.com", "z@example.com")), ErrMalformed},
		"payload with a head of text": {resigned(same, edit(`"person"`, `"head":"x","person"`)), ErrMalformed},
		"payload for nothing":         {resigned(same, edit(`["email","sms"]`, `[]`)), ErrMalformed},
		"payload without time":        {resigned(same, edit(`.000Z`, `Z`)), ErrMalformed},
		"signed anew":                 {resigned(same, string(payload)), nil},
		"with white space":            {text(`{`, " {\n"), nil},
		"header in another order":     {resigned(set("alg", h["alg"]), string(payload)), nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Check(c.receipt, s.PublicKeys())
			if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) || err != nil && !reflect.DeepEqual(got, Receipt{}) {
				t.Errorf("Check = %v, %v; want %v", got, err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "example.com") {
				t.Errorf("the error shows the input: %v", err)
			}
		})
	}
	for i := range good {
		altered := bytes.Clone(good)
		altered[i] ^= 1
		if got, err := Check(altered, s.PublicKeys()); err == nil && !reflect.DeepEqual(got, optOut()) {
			t.Errorf("byte %d altered: %v", i, got)
		}
	}
}

func TestCheckReadsAnyKeySet(t *testing.T) {
	s := signer(t, old)
	receipt, keys := sign(t, s, optOut()), string(s.PublicKeys())
	for name, c := range map[string]struct {
		keys string
		want error
	}{
		"with more members":        {strings.Replace(keys, `{"kty"`, `{"x5t":[],"kty"`, 1), nil},
		"with other kinds of keys": {strings.Replace(keys, `[`, `[{"kty":"RSA","kid":"1","n":"AQAB"},{"kty":"OKP","crv":"X25519"},7,`, 1), nil},
		"for encryption":           {strings.Replace(keys, `"sig"`, `"enc"`, 1), ErrUnknownKey},
		"for another algorithm":    {strings.Replace(keys, `"EdDSA"`, `"HS256"`, 1), ErrUnknownKey},
		"as an octet key":          {strings.Replace(keys, `"OKP"`, `"oct"`, 1), ErrUnknownKey},
		"empty":                    {`{"keys":[]}`, ErrUnknownKey},
		"a short key":              {strings.Replace(keys, `"x":"`, `"x":"AA","y":"`, 1), ErrKeys},
		"no set":                   {`[]`, ErrKeys},
		"no JSON":                  {`<html>`, ErrKeys},
		"null":                     {`{"keys":null}`, ErrKeys},
		"huge":                     {keys + strings.Repeat(" ", maxKeySet), ErrKeys},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Check(receipt, []byte(c.keys)); !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
				t.Errorf("Check: %v, want %v", err, c.want)
			}
		})
	}
}

func TestSignRefusesReceiptsThatProveNothing(t *testing.T) {
	for name, change := range map[string]func(*Receipt){
		"no kind":               func(r *Receipt) { r.Kind = "" },
		"no issuer":             func(r *Receipt) { r.Issuer = "" },
		"no reference":          func(r *Receipt) { r.Reference = "" },
		"nothing":               func(r *Receipt) { r.What = nil },
		"an empty scope":        func(r *Receipt) { r.What = []string{""} },
		"no time":               func(r *Receipt) { r.ReceivedAt = time.Time{} },
		"not due":               func(r *Receipt) { r.DueAt = time.Time{} },
		"an opt-out only due":   func(r *Receipt) { r.Kind = OptOut },
		"no head":               func(r *Receipt) { r.Head = nil },
		"another history":       func(r *Receipt) { r.Head = &Head{"R-2", 1, "x"} },
		"an empty history":      func(r *Receipt) { h := Genesis("R-1"); r.Head = &h },
		"nobody":                func(r *Receipt) { r.Person = "" },
		"an address":            func(r *Receipt) { r.Person = "Zaphod@example.com" },
		"an address elsewhere":  func(r *Receipt) { r.What = []string{"email", "zaphod@example.com"} },
		"more than is sensible": func(r *Receipt) { r.Build = strings.Repeat("x", maxPayload) },
	} {
		t.Run(name, func(t *testing.T) {
			r := request()
			change(&r)
			signed, err := signer(t, old).Sign(r)
			if fault.CodeOf(err) != fault.Internal || signed != nil || strings.Contains(err.Error(), "example.com") {
				t.Errorf("Sign = %s, %v", signed, err)
			}
		})
	}
}

func TestMaskedAddressesAndReferencesMayBeSigned(t *testing.T) {
	a, _ := person.Parse("zaphod@example.com")
	key, _ := person.NewKey(k1)
	for _, whom := range []string{a.String(), string(key.Ref(a))} {
		r := optOut()
		r.Person = whom
		sign(t, signer(t, old), r)
	}
}

// The largest receipt there is fits what Check takes.
func TestLimitsFit(t *testing.T) {
	r := optOut()
	empty, _ := json.Marshal(r)
	r.Build += strings.Repeat("x", maxPayload-len(empty))
	if _, err := Check(sign(t, signer(t, old), r), signer(t, old).PublicKeys()); err != nil {
		t.Error(err)
	}
}

// certificate is another payload, as later parts of the house sign them.
type certificate struct {
	Class string `json:"class"`
}

func (certificate) Typ() string { return "privacydesk-certificate+json" }

func TestOtherPayloads(t *testing.T) {
	s := signer(t, old)
	signed := sign(t, s, certificate{"opt-out evidence"})
	payload, err := Open(signed, s.PublicKeys(), certificate{}.Typ())
	if err != nil || string(payload) != `{"class":"opt-out evidence"}` {
		t.Errorf("Open = %s, %v", payload, err)
	}
	if _, err := Check(signed, s.PublicKeys()); !errors.Is(err, ErrWrongType) {
		t.Errorf("a certificate as a receipt: %v", err)
	}
}

func TestParseSigner(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON":     "x",
		"no current":  `{"k1":"` + k1 + `"}`,
		"unknown":     `{"current":"k2","k1":"` + k1 + `"}`,
		"short key":   `{"current":"k1","k1":"short"}`,
		"bad id":      `{"current":"k1","k1":"` + k1 + `","x1":"` + k1 + `"}`,
		"id 0":        `{"current":"k0","k0":"` + k1 + `"}`,
		"id 256":      `{"current":"k256","k256":"` + k1 + `"}`,
		"id 01":       `{"current":"k01","k01":"` + k1 + `"}`,
		"not a text":  `{"current":"k1","k1":1}`,
		"only itself": `{"current":"current"}`,
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := ParseSigner(text); err == nil || strings.Contains(err.Error(), k1) {
				t.Errorf("ParseSigner: %v", err)
			}
		})
	}
}

func TestPublicKeysShowNoSecret(t *testing.T) {
	s := signer(t, both)
	var keys []string
	for _, of := range []func(signingKey) jwk{func(k signingKey) jwk { return k.jwk }, func(k signingKey) jwk { return k.noticesJWK }} {
		for _, ring := range []string{k1, k2} {
			k := of(derive(ring))
			keys = append(keys, `{"kty":"OKP","crv":"Ed25519","x":"`+k.X+`","kid":"`+k.KeyID+`","use":"sig","alg":"EdDSA"}`)
		}
	}
	want := `{"keys":[` + strings.Join(keys, ",") + `]}`
	if got := string(s.PublicKeys()); got != want {
		t.Errorf("PublicKeys = %s", got)
	}
	// The pair of a text never changes: receipts of years past depend on it.
	if got := s.keys[1]().jwk.X; got != "GiZftzM1EAmmxMcyvcHyYSNWqtWq8S1saW6LSWR1NT8" {
		t.Errorf("k1's public key is %s", got)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "s", s)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d"} {
		fmt.Fprintf(&log, verb, s)
		fmt.Fprintf(&log, verb, struct{ s *Signer }{s})
	}
	if strings.Contains(log.String(), k1) || !strings.Contains(log.String(), "***") {
		t.Errorf("the ring leaks: %s", log.String())
	}
}

func TestSignerIsSafeForManyAtOnce(t *testing.T) {
	s := signer(t, both)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := Check(sign(t, s, optOut()), s.PublicKeys()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// Whatever Check takes was signed by the key; fuzzing has no way to sign.
func FuzzCheck(f *testing.F) {
	s := signer(f, both)
	known := []Receipt{optOut(), request()}
	for _, r := range known {
		f.Add(sign(f, s, r), s.PublicKeys())
		f.Add(sign(f, signer(f, old), r), signer(f, old).PublicKeys())
	}
	f.Add(sign(f, s, certificate{"x"}), s.PublicKeys())
	f.Add([]byte(`{"payload":"","protected":"","signature":""}`), []byte(`{"keys":[{}]}`))
	f.Fuzz(func(t *testing.T, receipt, keys []byte) {
		_, _ = Check(receipt, keys)
		got, err := Check(receipt, s.PublicKeys())
		if err == nil && !reflect.DeepEqual(got, known[0]) && !reflect.DeepEqual(got, known[1]) {
			t.Errorf("Check = %+v", got)
		}
	})
}

func BenchmarkSign(b *testing.B) {
	s, r := signer(b, both), request()
	for b.Loop() {
		if _, err := s.Sign(r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFirstSign(b *testing.B) {
	r := request()
	for b.Loop() {
		if _, err := signer(b, both).Sign(r); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	s := signer(b, both)
	receipt, keys := sign(b, s, request()), s.PublicKeys()
	for b.Loop() {
		if _, err := Check(receipt, keys); err != nil {
			b.Fatal(err)
		}
	}
}
