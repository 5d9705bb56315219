package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/audit"
)

var start = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// papers writes what an organisation gives out into a folder and returns it.
func papers(tb testing.TB) string {
	tb.Helper()
	dir := tb.TempDir()
	write := func(name string, data []byte, err error) {
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), data, 0o600)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	signer, err := audit.ParseSigner(`{"current":"k1","k1":"` + strings.Repeat("1", 32) + `"}`)
	write("keys.json", signer.PublicKeys(), err)
	other, err := audit.ParseSigner(`{"current":"k1","k1":"` + strings.Repeat("2", 32) + `"}`)
	write("other-keys.json", other.PublicKeys(), err)
	write("no-keys.json", []byte("<html>"), nil)

	h := history(tb, "R-1")
	whole, err := h.Encode()
	write("history.json", whole, err)
	write("export.json", fmt.Appendf(nil, `{"person":"z","histories":[%s,%s]}`, encoded(tb, history(tb, "R-2")), whole), nil)
	write("officer.json", fmt.Appendf(nil, `{"reference":"R-1","state":"open","history":%s}`, whole), nil)
	write("empty.json", []byte(`{"histories":[]}`), nil)
	write("altered.json", bytes.Replace(whole, []byte(`"kind":"confirmed"`), []byte(`"kind":"con\u001b[2Jfirmed"`), 1), nil)
	rewritten := history(tb, "R-1", "received", "withdrawn", "disposed")
	write("rewritten.json", encoded(tb, rewritten), nil)
	cut := h
	cut.Entries = slices.Clone(h.Entries[:2])
	write("cut.json", encoded(tb, cut), nil)

	head := h.Entries[1].Head()
	for name, r := range map[string]audit.Receipt{
		"receipt.json": {Issuer: "https://privacy.example.com", Kind: audit.Request, Reference: "R-1", What: []string{"access", "erasure"}, ReceivedAt: start, DueAt: start.AddDate(0, 1, 0), Head: &head, Person: "z***@e***.com"},
		"opt-out.json": {Issuer: "https://privacy.example.com", Kind: audit.OptOut, Reference: "o-7", What: []string{"email"}, ReceivedAt: start, EffectiveAt: start, Person: "z***@e***.com", Build: "v1\x1b[2J"},
	} {
		signed, err := signer.Sign(r)
		write(name, signed, err)
		write("answer-"+name, fmt.Appendf(nil, `{"code":200,"status":"received","reference":"R-1","receipt":%s}`, signed), nil)
		write("forged-"+name, bytes.Replace(signed, []byte(`"payload":"`), []byte(`"payload":"e`), 1), nil)
	}
	return dir
}

func history(tb testing.TB, subject string, kinds ...string) audit.History {
	tb.Helper()
	if kinds == nil {
		kinds = []string{"received", "confirmed", "fulfilled"}
	}
	h := audit.History{Head: audit.Genesis(subject)}
	for i, kind := range kinds {
		e, err := audit.Append(h.Head, audit.Entry{At: start.AddDate(0, 0, i), Kind: kind, Actor: "person", Private: map[string]audit.Private{"name": audit.Personal("Zaphod")}},
			strings.NewReader(strings.Repeat("salt", 8)))
		if err != nil {
			tb.Fatal(err)
		}
		h.Head, h.Entries = e.Head(), append(h.Entries, e)
	}
	h.Entries[0] = audit.Blank(h.Entries[0])
	return h
}

func encoded(tb testing.TB, h audit.History) []byte {
	tb.Helper()
	data, err := h.Encode()
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func TestVerify(t *testing.T) {
	dir := papers(t)
	site := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer site.Close()
	for name, c := range map[string]struct {
		args string // names of files are those of papers
		exit int
		want []string
	}{
		"receipt of a request": {"verify-receipt -file receipt.json -keys keys.json", exitValid, []string{
			"a receipt for a request about personal data", "From        https://privacy.example.com", "For         z***@e***.com", "Reference   R-1",
			"About       access, erasure", "Received    22 November 2026, 12:00:00 UTC", "Due by      22 December 2026, 12:00:00 UTC", "Register    entry 2, hash ", "\nVALID: "}},
		"a whole answer":        {"verify-receipt -file answer-receipt.json -keys keys.json", exitValid, []string{"Reference   R-1", "\nVALID: "}},
		"an answer as proof":    {"verify-history -file history.json -receipt answer-receipt.json -keys keys.json", exitValid, []string{"\nUp to entry 2 it is what"}},
		"receipt of an opt-out": {"verify-receipt -file opt-out.json -keys keys.json", exitValid, []string{"a receipt for an opt-out", "Effective   22 November 2026", "Made by     v1\ufffd[2J", "\nVALID: "}},
		"keys from an address":  {"verify-receipt -file receipt.json -keys SITE/keys.json", exitValid, []string{"\nVALID: "}},
		"a forged receipt":      {"verify-receipt -file forged-receipt.json -keys keys.json", exitNotValid, []string{"NOT VALID: "}},
		"other keys":            {"verify-receipt -file receipt.json -keys other-keys.json", exitNotValid, []string{"NOT VALID: it was signed with a key", "are these the keys"}},
		"no receipt":            {"verify-receipt -file history.json -keys keys.json", exitNotValid, []string{"NOT VALID: "}},
		"no keys":               {"verify-receipt -file receipt.json -keys no-keys.json", exitUnchecked, []string{"keys cannot be read"}},
		"no keys there":         {"verify-receipt -file receipt.json -keys SITE/none.json", exitUnchecked, []string{"404"}},
		"no such file":          {"verify-receipt -file none.json -keys keys.json", exitUnchecked, []string{"none.json"}},
		"no file":               {"verify-receipt -keys keys.json", exitUnchecked, []string{"make verify-receipt FILE="}},
		"no command":            {"verify", exitUnchecked, []string{"verify-receipt, verify-history, verify-certificate or officer"}},
		"a history": {"verify-history -file history.json", exitValid, []string{
			"History of R-1", "1  22 November 2026, 12:00:00 UTC  received   by person", "Personal values: 2 in this file, 1 not in it: left out of it, or erased.", "\nVALID: "}},
		"the officer's file":      {"verify-history -file officer.json", exitValid, []string{"History of R-1", "\nVALID: "}},
		"an export":               {"verify-history -file export.json", exitValid, []string{"History of R-2", "History of R-1", "\nVALID: "}},
		"a history and receipt":   {"verify-history -file history.json -receipt receipt.json -keys keys.json", exitValid, []string{"VALID: ", "\nUp to entry 2 it is what"}},
		"an export and receipt":   {"verify-history -file export.json -receipt receipt.json -keys keys.json", exitValid, []string{"VALID: ", "\nUp to entry 2 it is what"}},
		"an altered history":      {"verify-history -file altered.json", exitNotValid, []string{"con\ufffd[2Jfirmed", "NOT VALID: history of R-1, entry 2: it was altered"}},
		"a cut history":           {"verify-history -file cut.json", exitNotValid, []string{"NOT VALID: history of R-1, entry 3: it is missing"}},
		"a history written anew":  {"verify-history -file rewritten.json -receipt receipt.json -keys keys.json", exitNotValid, []string{"NOT VALID: the history is not the one", "entry 2"}},
		"a receipt of an opt-out": {"verify-history -file history.json -receipt opt-out.json -keys keys.json", exitNotValid, []string{"NOT VALID: the receipt is not for a request"}},
		"a forged one with it":    {"verify-history -file history.json -receipt forged-receipt.json -keys keys.json", exitNotValid, []string{"NOT VALID: "}},
		"an empty export":         {"verify-history -file empty.json", exitNotValid, []string{"NOT VALID: it holds no history"}},
		"no history":              {"verify-history -file receipt.json", exitNotValid, []string{"NOT VALID: "}},
	} {
		t.Run(name, func(t *testing.T) {
			out := tries(t, dir, strings.Fields(strings.ReplaceAll(c.args, "SITE", site.URL)), c.exit, c.want)
			if valid := strings.Contains(strings.ReplaceAll(out, "NOT VALID", ""), "VALID:"); c.exit != exitValid && valid {
				t.Errorf("it is called valid:\n%s", out)
			}
			if strings.ContainsAny(out, "\x1b") || strings.Contains(out, "Zaphod") {
				t.Errorf("escape codes or personal data reach the screen: %q", out)
			}
		})
	}
}

// tries runs the command on files of dir, and gives what it printed.
func tries(t *testing.T, dir string, args []string, exit int, want []string) string {
	t.Helper()
	for i, arg := range args {
		if ext := filepath.Ext(arg); (ext == ".json" || ext == ".txt") && !strings.HasPrefix(arg, "http") {
			args[i] = filepath.Join(dir, arg)
		}
	}
	var out bytes.Buffer
	if got := run(args, nil, &out, &out); got != exit {
		t.Errorf("exit %d, want %d", got, exit)
	}
	for _, piece := range want {
		if !strings.Contains(out.String(), piece) {
			t.Errorf("no %q in\n%s", piece, out.String())
		}
	}
	return out.String()
}
