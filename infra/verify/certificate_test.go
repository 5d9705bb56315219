package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/testkit"
)

// certified runs the sweep once, over three records, and writes what an officer then has into the folder of papers.
func certified(tb testing.TB) string {
	tb.Helper()
	dir := papers(tb)
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	must := func(err error) {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
	}
	signer, err := audit.ParseSigner(`{"current":"k1","k1":"` + strings.Repeat("1", 32) + `"}`)
	must(err)
	desk, err := settings.Load()
	must(err)
	periods, err := schedule.New(desk)
	must(err)
	store := testkit.NewDisposals()
	for n := range 3 {
		store.Put(testkit.Disposed{Item: disposal.Item{Class: schedule.SoftBounces, ID: fmt.Sprint("ref", n, "/bounce"), Start: start.AddDate(-1, 0, 0)}})
	}
	store.Put(testkit.Disposed{Item: disposal.Item{Class: schedule.UnverifiedRequest, ID: "PD-1", Start: start.AddDate(-1, 0, 0)}})
	sweeper := &disposal.Sweeper{
		Store: store, Schedule: periods, Zone: time.UTC, Signer: signer, Issuer: "https://privacy.example.com", Build: "v1\x1b[2J",
		Now: func() time.Time { return start }, NewID: func() string { return "C" }, Random: &testkit.Random{},
	}
	_, err = sweeper.Sweep(tb.Context(), disposal.Task{}, func() bool { return false })
	must(err)
	proofs, err := store.Proofs(tb.Context(), 0, 9)
	must(err)
	type part struct {
		Seq    int             `json:"seq"`
		Signed json.RawMessage `json:"signed"`
	}
	var all []part
	for _, p := range proofs { // one of each class, and the one that ends the night
		all = append(all, part{p.Entry.Seq, p.Certificate})
	}
	list := func(parts ...part) []byte {
		text, err := json.Marshal(map[string]any{"certificates": parts})
		must(err)
		return text
	}
	one, err := json.Marshal(all[0])
	must(err)
	write("certificate.json", all[1].Signed)
	write("item.json", one)
	write("answer.json", list(all...))
	write("gap.json", list(all[0], all[2]))
	write("forged-certificate.json", bytes.Replace(all[2].Signed, []byte(`"payload":"`), []byte(`"payload":"e`), 1))
	write("names.txt", []byte("ref2/bounce\nref0/bounce\r\n\nref1/bounce\n"))
	write("others.txt", []byte("ref2/bounce\nref0/bounce\nref7/bounce\n"))
	write("empty.txt", []byte("\n"))
	write("fewer.txt", []byte("ref2/bounce\n"))
	return dir
}

func TestVerifyCertificate(t *testing.T) {
	dir := certified(t)
	for name, c := range map[string]struct {
		args string
		exit int
		want []string
	}{
		"a certificate": {"certificate.json -keys keys.json", exitValid, []string{
			"From        https://privacy.example.com", "Class       soft-bounces", "Rule        90 days, then deleted", "Records     3 deleted, 0 reduced",
			"what began before 24 August 2026", "Register    entry 2, hash ", "by v1\ufffd[2J", "\nVALID: it is signed with a key of", "does not prove that no copy"}},
		"one of an answer":    {"item.json -keys keys.json", exitValid, []string{"\nVALID: it is signed"}},
		"a whole answer":      {"answer.json -keys keys.json", exitValid, []string{"Class       unverified-request", "Class       all", "Rule        the schedule, then as it says", "Records     none: with it the run ended", "\nVALID: all 3 follow each other"}},
		"with its names":      {"certificate.json -ids names.txt -keys keys.json", exitValid, []string{"exactly these 3 names", "\nVALID: "}},
		"other names":         {"certificate.json -ids others.txt -keys keys.json", exitNotValid, []string{"NOT VALID: the certificate is not about these names"}},
		"fewer names":         {"certificate.json -ids fewer.txt -keys keys.json", exitNotValid, []string{"NOT VALID: the list has 1 names, the certificate is about 3"}},
		"names of an answer":  {"answer.json -ids names.txt -keys keys.json", exitValid, []string{"Class       soft-bounces", "exactly these 3 names", "\nVALID: all 3 follow each other"}},
		"others of an answer": {"answer.json -ids others.txt -keys keys.json", exitNotValid, []string{"NOT VALID: none of these 3 certificates is about these 3 names"}},
		"an empty list":       {"answer.json -ids empty.txt -keys keys.json", exitUnchecked, []string{"holds no name"}},
		"no names":            {"certificate.json -ids none.txt -keys keys.json", exitUnchecked, []string{"none.txt"}},
		"one taken out":       {"gap.json -keys keys.json", exitNotValid, []string{"NOT VALID: certificate 1 is not the one that certificate 3 follows"}},
		"a forged one":        {"forged-certificate.json -keys keys.json", exitNotValid, []string{"NOT VALID: "}},
		"other keys":          {"certificate.json -keys other-keys.json", exitNotValid, []string{"NOT VALID: it was signed with a key", "are these the keys"}},
		"no keys":             {"certificate.json -keys no-keys.json", exitUnchecked, []string{"keys cannot be read"}},
		"a receipt":           {"receipt.json -keys keys.json", exitNotValid, []string{"NOT VALID: it is a signed document of another type"}},
		"something else":      {"history.json -keys keys.json", exitNotValid, []string{"NOT VALID: "}},
		"an answer of nobody": {"none.json -keys keys.json", exitUnchecked, []string{"none.json"}},
	} {
		t.Run(name, func(t *testing.T) {
			out := tries(t, dir, append([]string{"verify-certificate", "-file"}, strings.Fields(c.args)...), c.exit, c.want)
			if strings.Contains(c.args, "-ids") && strings.Contains(out, "unverified-request") {
				t.Errorf("others than that of the names are printed:\n%s", out)
			}
			if c.exit != exitValid && strings.Contains(strings.ReplaceAll(out, "NOT VALID", ""), "VALID:") || strings.Contains(out, "\x1b") {
				t.Errorf("it is called valid, or escape codes reach the screen:\n%s", out)
			}
		})
	}
}
