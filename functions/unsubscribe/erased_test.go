package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/backfill"
	"privacydesk/shared/domain/optout"
)

// erase makes tombstones of all that SES knows of a person, as an erasure
// does.
func (r *rig) erase(address string) time.Time {
	r.T.Helper()
	r.clock = r.clock.AddDate(0, 0, 1)
	for _, o := range r.records(address) {
		if err := r.store.MarkSynced(r.T.Context(), o, optout.Projection{Status: optout.Listed, At: r.clock}); err != nil {
			r.T.Fatal(err)
		}
		if err := r.store.MakeTombstone(r.T.Context(), o.Key, o.Version, r.clock, true); err != nil {
			r.T.Fatal(err)
		}
	}
	erased := r.clock
	r.clock = r.clock.AddDate(0, 1, 0)
	return erased
}

func (r *rig) checked(channel string) checkRow {
	r.T.Helper()
	return ask[checkRow](r, "/suppressions/check", map[string]any{"addresses": []string{marvin}, "channel": channel})[0]
}

// Whoever was erased meets their opt-out on every way back: the form, a list,
// the check, the preferences page, an old link.
func TestErasedPeopleComeBackOptedOut(t *testing.T) {
	for name, c := range map[string]struct {
		come func(*rig)
		rows string
	}{
		"nothing": {func(*rig) {}, "email=out@1"},
		"the form": {func(r *rig) {
			r.Expect(postForm("email="+marvin+"&name=Marvin&campaign=spring", script...), http.StatusOK, `"received"`)
		}, "email=out@2"},
		"the form, everything": {func(r *rig) {
			r.Expect(postForm("email="+marvin+"&name=Marvin&everything=yes", script...), http.StatusOK, `"received"`)
		}, "email=out@2 phone=out@1 post=out@1 sms=out@1"},
		"one-click": {func(r *rig) {
			r.Expect(post(r.link("unsubscribe", marvin, ""), oneClick, mailClient...), http.StatusOK, "unsubscribed")
		}, "email=out@2"},
		"unsubscribe and delete": {func(r *rig) {
			r.Expect(postForm("email="+marvin+"&name=Marvin&erase=yes", script...), http.StatusOK, `"received"`)
		}, "email=out@2"},
		"a list": {func(r *rig) {
			rows := ask[importedRow](r, "/suppressions/import", map[string]any{"even_if_back": true, "rows": []importRow{{Address: marvin, At: r.clock.Format(time.RFC3339)}}})
			if got := r.only(marvin); rows[0].Status != backfill.Known || !got.Address.IsZero() || !got.Tombstone() {
				r.T.Errorf("%+v, %+v", rows, got)
			}
		}, "email=out@1"},
		"the preferences page": {func(r *rig) {
			r.Expect(get(r.link("preferences", marvin, ""), browser...), http.StatusOK, `name="was_email" value="stop"`)
			r.Expect(post(r.link("preferences", marvin, ""), encode("want_email=pause30&was_email=stop"), browser...), http.StatusOK, "")
		}, "email=out@1"},
		"an old link": {func(r *rig) {
			r.Expect(r.open(r.link("unsubscribe", marvin, "")), http.StatusOK, "already unsubscribed")
		}, "email=out@2"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.press(marvin, "")
			first := r.only(marvin).FirstAt
			erased := r.erase(marvin)
			c.come(r)
			r.wantRows(marvin, c.rows)
			for _, got := range r.records(marvin) {
				if !got.Tombstone() || !got.Address.IsZero() || got.Name+got.Evidence.Campaign != "" || got.Evidence.Source != "" || !got.Projection.DueAt.IsZero() {
					t.Errorf("what was erased is back: %+v", got)
				}
			}
			if got := r.recorded(marvin, "email"); !got.FirstAt.Equal(first) || !got.OutSince.Equal(first) || !got.ErasedAt.Equal(erased) {
				t.Errorf("%+v", got)
			}
			row := r.checked("")
			if !row.Suppressed || row.Reason != "unsubscribed" || row.Since == nil || !row.Since.Equal(first) || row.ErasedAt == nil || !row.ErasedAt.Equal(erased) {
				t.Errorf("%+v", row)
			}
			if row := r.checked("sms"); row.Suppressed != strings.Contains(c.rows, "sms") || row.ErasedAt == nil || !row.ErasedAt.Equal(erased) {
				t.Errorf("by another channel: %+v", row)
			}
		})
	}
}

func TestNobodyErasedIsToldAsErased(t *testing.T) {
	r := newRig(t)
	r.press(marvin, "")
	a := r.Expect(post("/suppressions/check", `{"addresses":["`+marvin+`"]}`, "Content-Type", asJSON), http.StatusOK, `"suppressed":true`)
	if strings.Contains(a.Body, "erased_at") {
		t.Error(a.Body)
	}
}

// The list that is handed out counts who is known by reference alone.
func TestListCountsTombstones(t *testing.T) {
	r := newRig(t)
	r.press(marvin, "")
	r.erase(marvin)
	c := get("/suppressions", "Accept", asJSON)
	if a := r.Expect(c, http.StatusOK, `"erased":1`); !strings.Contains(a.Body, `"results":[]`) {
		t.Error(a.Body)
	}
}
