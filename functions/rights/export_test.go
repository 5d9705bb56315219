package main

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/export"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

// hostile is a granted access request of somebody who writes formulas and
// markup.
func (r *rig) hostile() request.Request {
	r.T.Helper()
	in := request.Intake{
		Address: testkit.Address(r.T, marvin), Kinds: []intake.Kind{deadline.Access, deadline.OptOutOfSale}, OnBehalfOf: intake.Self, Language: "en", Source: intake.FromForm,
		Name: `=HYPERLINK("https://evil.example")`, Details: "<script>evil</script>;=1+1", Place: germany,
		Evidence: optout.Evidence{Form: "www.example.org"},
	}
	q := r.ok(r.rights.Open(background, in))
	_, _, _ = r.rights.Confirm(background, q.ID, q.Words())
	r.ok(r.rights.Note(background, q.ID, "dpo", "very depressed"))
	return r.ok(r.rights.Decide(background, q.ID, "dpo", granted))
}

func TestExportPage(t *testing.T) {
	r := newRig(t)
	q := r.hostile()
	a := r.Expect(get(r.to(link.Status, q), browser...), http.StatusOK, "/requests/export/")
	path := tokenInPath.FindString(a.Body[strings.Index(a.Body, "/requests/export/"):])
	a = r.Expect(get(path, browser...), http.StatusOK, marvin)
	for _, piece := range []string{"<script>evil</script>;=1+1", q.ID, `value="csv"`, `value="json"`} {
		if !strings.Contains(a.Text, piece) {
			t.Errorf("%q is missing:\n%s", piece, a.Brief())
		}
	}
	if strings.Contains(a.Body, "<script") || strings.Contains(a.Body, "depressed") || strings.Contains(a.Body, "dpo") {
		t.Error(a.Brief())
	}
	if r.history(q.ID) != "received opted_out verification_asked verified noted fulfilled" {
		t.Error("looking was written down:", r.history(q.ID))
	}
}

// Whoever asked in Spanish is given a page in Spanish, whatever their browser speaks.
func TestExportSpeaksTheRequestsLanguage(t *testing.T) {
	r := newRig(t)
	in := request.Intake{Address: testkit.Address(t, marvin), Kinds: []intake.Kind{deadline.Access}, OnBehalfOf: intake.Self, Language: "es", Source: intake.FromForm, Place: germany}
	q := r.ok(r.rights.Open(background, in))
	_, _, _ = r.rights.Confirm(background, q.ID, q.Words())
	q = r.ok(r.rights.Decide(background, q.ID, "dpo", granted))
	path := r.to(link.Export, q)
	r.Expect(get(path, browser...), http.StatusOK, `<html lang="es">`)
	r.Expect(get(path+"?lang=de", browser...), http.StatusOK, `<html lang="de">`)
}

func TestExportForScripts(t *testing.T) {
	r := newRig(t)
	q := r.hostile()
	if err := r.caps.Spend(t.Context(), quota.ByStranger, q.Address); err != nil {
		t.Fatal(err)
	}
	a := r.Expect(get(r.to(link.Export, q), script...), http.StatusOK, "")
	var e export.Export
	strict := json.NewDecoder(strings.NewReader(a.Body))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&e); err != nil {
		t.Fatal(err)
	}
	if e.Schema != "privacydesk-export/v1" || e.Address != marvin || len(e.Requests) != 1 || len(e.OptOuts) != 1 || e.OptOuts[0].Form != "www.example.org" {
		t.Errorf("%+v", e)
	}
	if len(e.Counters) != 1 || e.Counters[0].Name != "mails-stranger" || e.Counters[0].Count != 1 {
		t.Errorf("%+v", e.Counters)
	}
	h, err := audit.DecodeHistory(e.Histories[0])
	if err != nil || h.Verify() != nil || strings.Contains(a.Body, "depressed") {
		t.Errorf("%v, %v", err, h.Verify())
	}
}

func TestExportFiles(t *testing.T) {
	r := newRig(t)
	q := r.hostile()
	path := r.to(link.Export, q)
	for body, want := range map[string][2]string{
		"format=json": {"application/json; charset=utf-8", "json"}, "": {"application/json; charset=utf-8", "json"}, "format=csv&lang=en": {"text/csv; charset=utf-8", "csv"},
	} {
		r.clock = r.clock.AddDate(0, 0, 1) // the first of its day is written down
		before := r.file(q.ID).Request.Version
		a := r.Expect(post(path, body, browser...), http.StatusOK, "")
		if a.Headers["content-type"] != want[0] || a.Headers["content-disposition"] != `attachment; filename="`+q.ID+"."+want[1]+`"` {
			t.Errorf("%v", a.Headers)
		}
		f := r.file(q.ID)
		if last := f.Events[len(f.Events)-1]; f.Request.Version != before+1 || last.Kind != "exported" || last.Facts["format"] != want[1] || last.Actor != audit.ByPerson {
			t.Errorf("not written down: %s", r.history(q.ID))
		}
		if want[1] == "json" && !json.Valid([]byte(a.Body)) {
			t.Errorf("%s", a.Body)
		}
		if want[1] == "csv" {
			checkCSV(t, a.Body)
		}
	}
	writes := len(r.store.writes)
	for body, status := range map[string]int{"format=exe": 422, "format=JSON": 422, "format=" + strings.Repeat("x", 256<<10): 413} {
		r.Expect(post(path, body, script...), status, "")
		r.Expect(post(path, body, browser...), max(status, 400), "")
	}
	if len(r.store.writes) != writes {
		t.Error("a file that was not given was written down")
	}
}

func checkCSV(t *testing.T, text string) {
	t.Helper()
	read := csv.NewReader(strings.NewReader(text))
	read.FieldsPerRecord = -1
	rows, err := read.ReadAll()
	if err != nil || len(rows) < 10 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		for _, cell := range row {
			for _, piece := range strings.FieldsFunc(cell, func(c rune) bool { return strings.ContainsRune(";\t\r\n", c) }) {
				if strings.ContainsRune("=+-@|%", rune(piece[0])) {
					t.Errorf("a formula: %q", piece)
				}
			}
		}
	}
	if !strings.Contains(text, `'=HYPERLINK(""https://evil.example"")`) || strings.Contains(text, "depressed") {
		t.Error(text)
	}
}

func TestExportHasItsTime(t *testing.T) {
	r := newRig(t)
	q := r.hostile()
	path := r.to(link.Export, q)
	r.clock = q.ExportUntil.Add(-time.Second)
	r.Expect(get(path, browser...), http.StatusOK, "")
	r.clock = q.ExportUntil
	for _, c := range []call{get(path), post(path, "format=csv"), post(path, "format=zip"), post(path, "format=file&file=x")} {
		page, js := c, c
		page.Headers, js.Headers = slices.Concat(c.Headers, browser), slices.Concat(c.Headers, script)
		r.Expect(page, http.StatusGone, "")
		if got := r.Expect(js, http.StatusGone, "").JSON(t); got.Status != "expired" {
			t.Errorf("%+v", got)
		}
	}
	if a := r.Expect(get(r.to(link.Status, q), browser...), http.StatusOK, q.ID); strings.Contains(a.Body, "/requests/export/") {
		t.Error("an export that is over is offered")
	}
	// A link alone opens nothing: the request says whether there is an export.
	for name, other := range map[string]request.Request{
		"over, by the request": q, "not answered": r.opened(germany, deadline.Portability), "refused": r.decided(refused, germany, deadline.Access), "no export": r.decided(granted, germany, deadline.Erasure),
	} {
		early := r.toRequest("/requests/export/", link.Export, other.ID, r.clock.Add(time.Hour))
		r.Expect(get(early, browser...), http.StatusGone, "")
		r.Expect(post(early, "format=json", script...), http.StatusGone, "expired")
		if strings.Contains(r.history(other.ID), "exported") {
			t.Error(name, r.history(other.ID))
		}
	}
}

// Lambda answers with 6 MB at most. Whatever people and strangers wrote, each
// part stays below, and the pages lead to the last of it.
func TestExportOfAnySize(t *testing.T) {
	const most = 6 << 20
	r := newRig(t)
	q := r.decided(granted, germany, deadline.Access)
	for i := range 500 {
		r.clock = r.clock.Add(time.Second)
		in := request.Intake{
			Address: testkit.Address(t, marvin), Kinds: []intake.Kind{deadline.Restriction}, OnBehalfOf: intake.Self, Language: "en", Source: intake.FromForm,
			Sending: strconv.Itoa(i), Name: strings.Repeat("<", 200), Details: strings.Repeat([]string{"<", `"`, "\U0001F600", "\u200d"}[i%4], intake.MaxDetails),
		}
		one := r.ok(r.rights.Open(background, in))
		if _, _, err := r.rights.Confirm(background, one.ID, one.Words()); err != nil {
			t.Fatal(err)
		}
	}
	first := r.to(link.Export, q)
	seen, pages := map[string]bool{}, 0
	for path := first; path != ""; pages++ {
		target, query, _ := strings.Cut(path, "?")
		part, _ := url.ParseQuery(query)
		var next string
		led := false // by the page to another
		for _, c := range []call{
			get(path, browser...), get(path, script...), post(target, "format=json&part="+part.Get("part"), browser...), post(target, "format=csv&part="+part.Get("part"), browser...),
		} {
			a := r.Expect(c, http.StatusOK, "")
			if size, err := json.Marshal(a.APIGatewayV2HTTPResponse); err != nil || len(size) > most {
				t.Fatalf("%s: %d bytes, %v", c.Path, len(size), err)
			}
			var e export.Export
			if json.Unmarshal([]byte(a.Body), &e) == nil {
				next = e.Next
				for _, one := range e.Requests {
					seen[one.Reference] = true
				}
			}
			led = led || strings.Contains(a.Text, "Next part")
			if c.Method == http.MethodGet && strings.Contains(a.Text, "This is all that") {
				t.Error("a part is called all")
			}
		}
		if led != (next != "") {
			t.Errorf("page %d leads on: %v, to %q", pages, led, next)
		}
		if path = ""; next != "" {
			path = first + "?part=" + url.QueryEscape(next)
		}
	}
	if pages < 5 || len(seen) != 501 {
		t.Errorf("%d pages, %d requests", pages, len(seen))
	}
	for _, part := range []string{"x", "1.%22", "1.PD-1%0d%0a"} {
		r.Expect(get(first+"?part="+part, script...), http.StatusUnprocessableEntity, `"part"`)
		r.Expect(get(first+"?part="+part, browser...), http.StatusUnprocessableEntity, "")
		r.Expect(post(first, "format=csv&part="+part, browser...), http.StatusUnprocessableEntity, "")
	}
}
