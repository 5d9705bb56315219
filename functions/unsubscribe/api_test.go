package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
)

// ask posts JSON as the sender's systems do, and reads the answer's list.
func ask[Row any](r *rig, path string, body any) []Row {
	r.T.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		r.T.Fatal(err)
	}
	a := r.Expect(post(path, string(text), "Content-Type", "application/json"), http.StatusOK, "")
	var got map[string][]Row
	if err := json.Unmarshal([]byte(a.Body), &got); err != nil || len(got) != 1 {
		r.T.Fatalf("%v in %.200s", err, a.Body)
	}
	for _, rows := range got {
		for _, row := range rows {
			r.Note(fmt.Sprint(row))
		}
		return rows
	}
	return nil
}

// longest is an address as long as one may be, of what JSON would rather escape.
var longest = strings.Repeat("&", 64) + "@" + strings.Repeat("b", 59) + "." + strings.Repeat("c", 59) + "." + strings.Repeat("d", 59) + ".example"

func TestMakingLinks(t *testing.T) {
	r := newRig(t)
	rows := ask[linkRow](r, "/links", map[string]any{"recipients": []recipient{
		{Address: "Marvin@Example.com", Topic: "newsletter", Campaign: "spring"},
		{Address: "marvin@mañana.example"},
		{Address: longest, Topic: "newsletter", Campaign: strings.Repeat("𝒳", maxCampaign)},
		{Address: longest, Topic: "promotions", Campaign: strings.Repeat(`<`, maxCampaign)},
		{Address: "zoë@example.com", Topic: "events"},
		{Address: "marvin@example.com", Topic: "gossip"},
		{Address: "not an address"},
		{Address: ""},
		{Address: "marvin@example.com", Campaign: "a\u202eb"},
		{Address: "marvin@example.com", Campaign: strings.Repeat("c", maxCampaign+1)},
	}})
	if len(rows) != 10 {
		t.Fatalf("%d rows", len(rows))
	}
	for i, row := range rows[:5] {
		if row.Error != nil || !strings.HasPrefix(row.URL, "https://privacy.example.com/u/") || len(row.Headers) != 2 ||
			row.Headers["List-Unsubscribe"] != "<"+row.URL+">" || row.Headers["List-Unsubscribe-Post"] != oneClick {
			t.Errorf("row %d: %+v", i, row)
		}
		for name, value := range row.Headers {
			if line := name + ": " + value; len(line) >= 995 || strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r > '~' }) {
				t.Errorf("row %d: %d characters: %.100s", i, len(line), line)
			}
		}
	}
	for i, row := range rows[5:] {
		if row.URL != "" || row.Headers != nil || row.Error == nil || row.Error.Code != fault.Invalid || row.Error.Message == "" {
			t.Errorf("row %d: %+v", i+5, row)
		}
	}
	if rows[0].Address != "Marvin@Example.com" || rows[6].Address != "not an address" {
		t.Error("rows do not carry the address as it was given")
	}
	path := strings.TrimPrefix(rows[0].URL, "https://privacy.example.com")
	r.Expect(post(path, oneClick, mailClient...), http.StatusOK, "Emails on “News” have stopped.")
	r.wantRows(marvin, "email/newsletter=out@1")
	if got := r.only(marvin).Evidence.Campaign; got != "spring" {
		t.Errorf("campaign %q", got)
	}
}

// Systems pass on what people typed and what other systems encoded.
func TestSpellingsOfOneMailbox(t *testing.T) {
	r := newRig(t)
	r.Expect(postForm("email=mar%2Bvin%40example.com", browser...), http.StatusOK, thankYou)
	want, _ := person.Parse("mar+vin@example.com")
	for _, text := range []string{
		"mar+vin@example.com", "Mar%2Bvin@example.com", "mar%2bvin%40example.com", "Marvin <mar+vin@example.com>", "mailto:mar%2Bvin@example.com",
		"ｍａｒ＋ｖｉｎ＠ｅｘａｍｐｌｅ．ｃｏｍ", `"mar+vin@example.com"`, " mar+vin@example.com. ",
	} {
		row := ask[checkRow](r, "/suppressions/check", map[string]any{"addresses": []string{text}, "references": true})[0]
		if !row.Suppressed || row.Error != nil || row.Reference != r.reference(want) || row.Address != text {
			t.Errorf("%s: %+v", text, row)
		}
		to := ask[linkRow](r, "/links", map[string]any{"recipients": []recipient{{Address: text}}})[0]
		claims, err := r.Ring.Open(link.Unsubscribe, strings.TrimPrefix(to.URL, "https://privacy.example.com/u/"), r.clock)
		if err != nil || claims.Address != want {
			t.Errorf("%s: a link for %q, %v", text, claims.Address.Reveal(), err)
		}
	}
	doubtful := ask[checkRow](r, "/suppressions/check", map[string]any{"addresses": []string{"o%27hara@example.com"}, "references": true})[0]
	if !doubtful.Suppressed || doubtful.Error == nil || doubtful.Reference != "" {
		t.Errorf("%+v", doubtful)
	}
}

func TestMailLinksBesideWebLinks(t *testing.T) {
	r := newRig(t)
	r.mailDomain = "in.example.com"
	rows := ask[linkRow](r, "/links", map[string]any{"recipients": []recipient{
		{Address: "marvin@example.com", Topic: "newsletter", Campaign: "spring"},
		{Address: longest, Topic: "newsletter", Campaign: strings.Repeat("c", maxCampaign)},
	}})
	token := strings.TrimPrefix(rows[0].URL, "https://privacy.example.com/u/")
	if rows[0].Mailto != "mailto:unsubscribe@in.example.com?subject="+token || rows[0].Headers[listUnsubscribe] != "<"+rows[0].URL+">, <"+rows[0].Mailto+">" {
		t.Errorf("%+v", rows[0])
	}
	if rows[1].Mailto == "" || rows[1].Headers[listUnsubscribe] != "<"+rows[1].URL+">" {
		t.Errorf("what does not fit beside the web link stays out: %+v", rows[1])
	}
	for _, row := range rows {
		for name, value := range row.Headers {
			if len(name)+len(value) > 980 {
				t.Errorf("%s has %d characters", name, len(name)+len(value))
			}
		}
	}
}

func recipients(n int) map[string]any {
	list := make([]recipient, n)
	for i := range list {
		list[i].Address = fmt.Sprintf("marvin%d@example.com", i)
	}
	return map[string]any{"recipients": list}
}

func addresses(n int) map[string]any {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("marvin%d@example.com", i)
	}
	return map[string]any{"addresses": list}
}

func TestAsManyAsAllowedAtOnce(t *testing.T) {
	r := newRig(t)
	if rows := ask[linkRow](r, "/links", recipients(500)); len(rows) != 500 || rows[499].URL == "" || rows[0].URL == rows[1].URL {
		t.Errorf("%d links", len(rows))
	}
	if rows := ask[checkRow](r, "/suppressions/check", addresses(1000)); len(rows) != 1000 || rows[999].Address != "marvin999@example.com" {
		t.Errorf("%d results", len(rows))
	}
	if r.store.writes != 0 {
		t.Error("something was written")
	}
}

func TestSendersMistakes(t *testing.T) {
	text := func(v any) string { b, _ := json.Marshal(v); return string(b) }
	for name, c := range map[string]struct {
		path, body string
		status     int
		field      string
	}{
		"501 links":          {"/links", text(recipients(501)), 422, "recipients"},
		"1001 checks":        {"/suppressions/check", text(addresses(1001)), 422, "addresses"},
		"no recipients":      {"/links", `{}`, 422, "recipients"},
		"null":               {"/links", `null`, 422, "body"},
		"no addresses":       {"/suppressions/check", `{"addresses":[]}`, 422, "addresses"},
		"not JSON":           {"/links", `recipients=x`, 422, "body"},
		"an array":           {"/links", `[]`, 422, "body"},
		"other types":        {"/suppressions/check", `{"addresses":["a@example.com",1]}`, 422, "addresses"},
		"empty":              {"/suppressions/check", ``, 422, "body"},
		"unknown channel":    {"/suppressions/check", `{"addresses":["a@example.com"],"channel":"fax"}`, 422, "channel"},
		"unknown topic":      {"/suppressions/check", `{"addresses":["a@example.com"],"topic":"gossip"}`, 422, "topic"},
		"far too much":       {"/links", `{"recipients":[{"address":"` + strings.Repeat("x", 1<<20) + `"}]}`, 413, ""},
		"a megabyte to hear": {"/suppressions/check", `{"addresses":["` + strings.Repeat("x", 1<<20) + `"]}`, 413, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			got := r.Expect(post(c.path, c.body, "Content-Type", "application/json"), c.status, "").JSON(t)
			if got.Code != c.status || got.Message == "" || (c.field != "") != (len(got.Errors) == 1) || c.field != "" && got.Errors[0].Field != c.field {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestScreening(t *testing.T) {
	r := newRig(t)
	since := r.clock
	r.Expect(postForm("email=out%40example.com&everything=yes"), http.StatusOK, "")
	r.Expect(postForm("email=newsletter%40example.com&topic=newsletter"), http.StatusOK, "")
	r.Expect(postForm("email=ma%C3%B1ana%40ma%C3%B1ana.example"), http.StatusOK, "")
	r.Expect(post(r.link("preferences", "paused@example.com", ""), "want_email=pause30&was_email=receive", browser...), http.StatusOK, "")
	r.press("undone@example.com", "")
	r.Expect(post(r.link("undo", "undone@example.com", ""), ""), http.StatusOK, "")
	r.clock = r.clock.Add(time.Hour)
	until := since.AddDate(0, 0, 31).Truncate(24 * time.Hour)
	stopped := func(scope, reason string) checkRow {
		return checkRow{Suppressed: true, Scope: scope, Reason: reason, Since: &since}
	}
	paused := stopped("email", "paused")
	paused.Until = &until
	for name, c := range map[string]struct {
		address, channel, topic string
		want                    checkRow
	}{
		"opted out":                {"out@example.com", "email", "", stopped("email", "unsubscribed")},
		"in another spelling":      {" OUT@Example.com", "", "", stopped("email", "unsubscribed")},
		"in punycode":              {"mañana@xn--maana-pta.example", "", "", stopped("email", "unsubscribed")},
		"of all, so of a topic":    {"out@example.com", "email", "events", stopped("email", "unsubscribed")},
		"of another channel":       {"out@example.com", "sms", "", stopped("sms", "unsubscribed")},
		"of one topic":             {"newsletter@example.com", "email", "newsletter", stopped("email/newsletter", "unsubscribed")},
		"of one topic, about all":  {"newsletter@example.com", "email", "", checkRow{}},
		"of one topic, another":    {"newsletter@example.com", "email", "events", checkRow{}},
		"paused":                   {"paused@example.com", "email", "newsletter", paused},
		"paused, another channel":  {"paused@example.com", "post", "", checkRow{}},
		"undone":                   {"undone@example.com", "", "", checkRow{}},
		"unknown":                  {"nobody@example.com", "", "", checkRow{}},
		"a tag is another mailbox": {"out+tag@example.com", "", "", checkRow{}},
	} {
		t.Run(name, func(t *testing.T) {
			c.want.Address = c.address
			body := map[string]any{"addresses": []string{c.address}, "channel": c.channel, "topic": c.topic}
			rows := ask[checkRow](r, "/suppressions/check", body)
			got, _ := json.Marshal(rows[0])
			if want, _ := json.Marshal(c.want); string(got) != string(want) {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
	r.clock = until
	if rows := ask[checkRow](r, "/suppressions/check", map[string]any{"addresses": []string{"paused@example.com"}}); rows[0].Suppressed {
		t.Error("a pause does not end by itself")
	}
}

func TestScreeningKeepsTheOrder(t *testing.T) {
	r := newRig(t)
	r.Expect(postForm(mine), http.StatusOK, "")
	list := []string{"a@example.com", "marvin@example.com", "not an address", "MARVIN@example.com", "", "marvin@example.com", "a@example.com"}
	rows := ask[checkRow](r, "/suppressions/check", map[string]any{"addresses": list})
	if len(rows) != len(list) {
		t.Fatalf("%d rows", len(rows))
	}
	for i, suppressed := range []bool{false, true, true, true, true, true, false} {
		if rows[i].Suppressed != suppressed || rows[i].Address != list[i] {
			t.Errorf("row %d: %+v", i, rows[i])
		}
	}
	for _, i := range []int{2, 4} {
		if rows[i].Reason != "invalid_address" || rows[i].Error == nil || rows[i].Error.Code != fault.Invalid || rows[i].Since != nil {
			t.Errorf("row %d: %+v", i, rows[i])
		}
	}
}

// Systems write an address as people do; what may be two people's is refused.
func TestScreeningReadsAsTheFormDoes(t *testing.T) {
	r := newRig(t)
	r.Expect(postForm(mine), http.StatusOK, "")
	forgiven := []string{"Marvin <marvin@example.com>", "mailto:marvin@example.com", "marvin@example.com.", "<Marvin@Example.com>", "ｍａｒｖｉｎ@example.com"}
	for i, row := range ask[checkRow](r, "/suppressions/check", map[string]any{"addresses": forgiven}) {
		if !row.Suppressed || row.Error != nil || row.Scope != "email" || row.Address != forgiven[i] {
			t.Errorf("%+v", row)
		}
	}
	refused := []string{"a@example.com <marvin@example.com>", "marvin@example.com\x00", "mar vin@example.com", "marvin@example.com©"}
	for _, row := range ask[checkRow](r, "/suppressions/check", map[string]any{"addresses": refused}) {
		if row.Reason != "invalid_address" || row.Error == nil || row.Error.Message == "" {
			t.Errorf("%+v", row)
		}
	}
}

func TestScreeningNeverSaysNotSuppressedForNotKnown(t *testing.T) {
	r := newRig(t)
	r.store.err = fault.New(fault.Unavailable, "read records")
	got := r.Expect(post("/suppressions/check", `{"addresses":["marvin@example.com"]}`, "Content-Type", "application/json"), http.StatusServiceUnavailable, "").JSON(t)
	if got.Status != "unavailable" {
		t.Errorf("%+v", got)
	}
}
