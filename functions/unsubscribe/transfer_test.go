package main

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"privacydesk/shared/domain/backfill"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/testkit"
)

func TestTakingAList(t *testing.T) {
	r := newRig(t)
	r.press("back@example.com", "")
	if err := r.optOuts.ConfirmOptIn(t.Context(), testkit.Address(t, "back@example.com"), "en", map[optout.Scope]int{"email": 1}); err != nil {
		t.Fatal(err)
	}
	body := map[string]any{"source": "another system", "rows": []importRow{
		{Address: "Marvin@Example.com", At: "2024-02-29T10:00:00+02:00"},
		{Address: "topic@example.com", Scope: "email/newsletter"},
		{Address: "sms@example.com", Scope: "sms", Reason: "unsubscribed"},
		{Address: "gone@example.com", Reason: "bounced"},
		{Address: "angry@example.com", Reason: "complained"},
		{Address: "back@example.com", At: "2024-02-29T10:00:00Z"},
		{Address: "marvin@example.com"},
		{Address: "not an address"},
		{Address: "a@example.com", Scope: "email/gossip"},
		{Address: "a@example.com", Scope: "sms/newsletter"},
		{Address: "a@example.com", Scope: "fax"},
		{Address: "a@example.com", Reason: "because"},
		{Address: "a@example.com", At: "yesterday"},
	}}
	want := []backfill.Outcome{"taken", "taken", "taken", "taken", "taken", "kept", "known", refused, refused, refused, refused, refused, refused}
	for _, again := range []bool{false, true} {
		r.Log.Reset()
		rows := ask[importedRow](r, "/suppressions/import", body)
		for i, row := range rows {
			if again && want[i] == "taken" {
				want[i] = "known"
			}
			if row.Status != want[i] || (row.Error != nil) != (want[i] == refused) || row.Error != nil && (row.Error.Code != fault.Invalid || row.Error.Message == "") {
				t.Errorf("row %d: %+v", i, row)
			}
		}
		r.logs(optout.FromImport, map[bool]int{false: 5, true: 0}[again])
	}
	for address, want := range map[string]string{
		marvin: "email=out@1", "topic@example.com": "email/newsletter=out@1", "sms@example.com": "sms=out@1",
		"gone@example.com": "bounce=out@1", "angry@example.com": "complaint=out@1", "back@example.com": "email=in@2", "a@example.com": "",
	} {
		r.wantRows(address, want)
	}
	if got := r.only(marvin); got.FirstAt.Format("2006-01-02") != "2024-02-29" || got.Evidence.Campaign != "another system" || got.Evidence.Source != optout.FromImport {
		t.Errorf("%+v", got)
	}
	body["even_if_back"] = true
	if rows := ask[importedRow](r, "/suppressions/import", body); rows[5].Status != "taken" {
		t.Errorf("%+v", rows[5])
	}
}

// A dry call says what would become of the rows; undoing takes back what one
// import did, and no opt-out that was made since.
func TestTryingAndUndoingAnImport(t *testing.T) {
	r := newRig(t)
	body := map[string]any{"import": "0123456789abcdef", "dry": true, "rows": []importRow{{Address: marvin}, {Address: "since@example.com"}, {Address: "gone@example.com", Reason: "bounced"}}}
	for _, row := range ask[importedRow](r, "/suppressions/import", body) {
		if row.Status != "taken" {
			t.Errorf("dry: %+v", row)
		}
	}
	r.wantRows(marvin, "")
	body["dry"] = false
	for _, want := range []backfill.Outcome{"taken", "repeated"} {
		for _, row := range ask[importedRow](r, "/suppressions/import", body) {
			if row.Status != want {
				t.Errorf("%+v, want %s", row, want)
			}
		}
	}
	r.press("since@example.com", "")
	var sum struct{ Withdrawn, Reverted, Left, Unsettled int }
	for cursor, more := "", true; more; more = cursor != "" {
		text, _ := json.Marshal(map[string]string{"import": "0123456789abcdef", "cursor": cursor})
		var page struct {
			Withdrawn, Reverted, Left, Unsettled int
			Cursor                               string
		}
		a := r.Expect(post("/suppressions/import/undo", string(text), "Content-Type", "application/json"), http.StatusOK, "withdrawn")
		if err := json.Unmarshal([]byte(a.Body), &page); err != nil {
			t.Fatal(err)
		}
		sum.Withdrawn, sum.Reverted, sum.Left, cursor = sum.Withdrawn+page.Withdrawn, sum.Reverted+page.Reverted, sum.Left+page.Left, page.Cursor
	}
	if sum.Withdrawn != 2 || sum.Reverted != 0 || sum.Left != 0 {
		t.Errorf("%+v", sum)
	}
	r.wantRows(marvin, "")
	r.wantRows("gone@example.com", "")
	r.wantRows("since@example.com", "email=out@2")
	for _, body := range []string{`{"import":""}`, `{"import":"x"}`, `{"import":"0123456789abcdef","cursor":"x"}`, `{"import":"MARVIN@example.com.."}`, `x`} {
		r.Expect(post("/suppressions/import/undo", body, "Content-Type", "application/json"), http.StatusUnprocessableEntity, "")
	}
}

func TestTakingAListFromATableThatDoesNotAnswer(t *testing.T) {
	r := newRig(t)
	r.store.err = fault.New(fault.Unavailable, "read records")
	r.Expect(post("/suppressions/import", `{"rows":[{"address":"marvin@example.com"}]}`, "Content-Type", "application/json"), http.StatusServiceUnavailable, "")
}

func TestListMistakes(t *testing.T) {
	r := newRig(t)
	many, _ := json.Marshal(map[string]any{"rows": make([]importRow, 1001)})
	for name, body := range map[string]string{"no rows": `{"rows":[]}`, "too many": string(many), "no JSON": "x", "an import's name": `{"import":"short","rows":[{"address":"a@example.com"}]}`, "numbers": `{"rows":[1]}`} {
		t.Run(name, func(t *testing.T) {
			r.Expect(post("/suppressions/import", body, "Content-Type", "application/json"), http.StatusUnprocessableEntity, "")
		})
	}
	for _, query := range []string{"channel=fax", "cursor=x"} {
		c := get("/suppressions", "Accept", "application/json")
		c.Query = query
		r.Expect(c, http.StatusUnprocessableEntity, "")
	}
}

func TestGivingTheList(t *testing.T) {
	r := newRig(t)
	r.Expect(postForm("email=out%40example.com&everything=yes"), http.StatusOK, "")
	r.Expect(postForm("email=newsletter%40example.com&topic=newsletter"), http.StatusOK, "")
	r.press("undone@example.com", "")
	r.Expect(post(r.link("undo", "undone@example.com", ""), ""), http.StatusOK, "")
	ask[importedRow](r, "/suppressions/import", map[string]any{"rows": []importRow{{Address: "gone@example.com", Reason: "bounced", At: "2020-01-02T03:04:05Z"}}})
	var got []string
	for cursor := "-"; cursor != ""; {
		c := get("/suppressions", "Accept", "application/json")
		c.Query = "channel=email&cursor=" + strings.TrimPrefix(cursor, "-")
		var page struct {
			Results []listedRow
			Cursor  string
		}
		if err := json.Unmarshal([]byte(r.Expect(c, http.StatusOK, "results").Body), &page); err != nil {
			t.Fatal(err)
		}
		for _, row := range page.Results {
			got = append(got, row.Address+" "+row.Scope+" "+row.Reason+" "+row.FirstAt.Format("2006"))
		}
		cursor = page.Cursor
	}
	slices.Sort(got)
	year := testkit.T0.Format("2006")
	want := []string{"gone@example.com bounce bounced 2020", "newsletter@example.com email/newsletter unsubscribed " + year, "out@example.com email unsubscribed " + year}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
