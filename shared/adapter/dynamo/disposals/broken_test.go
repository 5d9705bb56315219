package disposals_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/testkit"
)

// Rows that somebody has broken are no silence, and keep nothing else.
func TestBrokenRows(t *testing.T) {
	s := newRecords(t)
	text := func(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }
	one := &types.AttributeValueMemberN{Value: "1"}
	old := text("2015-01-01T00:00:00.000Z")
	for name, row := range map[string]map[string]types.AttributeValue{
		"no version":         {"disposal_at": old},
		"a text for version": {"disposal_at": old, "version": text("1")},
		"no date":            {"disposal_at": text("0"), "version": one},
	} {
		s.optOut(t, schedule.OptOutEvidence, testkit.T0) // as others are
		row["ref"], row["scope"], row["disposal"] = text("broken"), text("email"), text("opt-out-evidence")
		s.put(t, s.OptOuts.Table.Name, row)
		s.fails(t, name, schedule.OptOutEvidence)
	}
	for name, row := range map[string]map[string]types.AttributeValue{
		"nothing in it":     {},
		"not closed":        {"version": one, "state": text("open")},
		"a wrong version":   {"version": text("1")},
		"none":              {"state": text("refused"), "verified_at": old, "closed_at": old},
		"no such date":      {"version": one, "state": text("refused"), "verified_at": old, "closed_at": text("soon")},
		"a log that is not": {"version": one, "state": text("refused"), "verified_at": old, "closed_at": old, "reduced_at": old},
	} {
		row["id"], row["row"], row["disposal"], row["disposal_at"] = text("PD-1"), text("request"), text("closed-request"), old
		s.put(t, s.Requests.Table.Name, row)
		s.fails(t, name, schedule.ClosedRequest)
	}
}

func (s *records) put(t *testing.T, table string, row map[string]types.AttributeValue) {
	t.Helper()
	if err := (dynamo.Table{DB: s.db, Name: table}).Put(t.Context(), row); err != nil {
		t.Fatal(err)
	}
}

// fails wants one record of a class to be one that cannot go, and to keep no
// other.
func (s *records) fails(t *testing.T, name string, c schedule.Class) {
	t.Helper()
	w := &watched{Disposals: s.Disposals, dry: true}
	if l, err := w.sweep(t, c, overdue); err == nil || l.Failed != 1 || l.Reduced != len(w.works) || c == schedule.OptOutEvidence && l.Reduced == 0 {
		t.Errorf("%s: %+v, %v", name, l, err)
	}
}

// Two parts of a request that say that they are the same: DynamoDB takes no
// transaction with both, and the others go.
func TestTwoPartsThatAreTheSame(t *testing.T) {
	s := newRecords(t)
	f := s.request(t, "PD-1", schedule.ClosedRequest, testkit.T0)
	s.request(t, "PD-2", schedule.ClosedRequest, testkit.T0)
	entry, err := f.Events[0].Encode()
	if err != nil {
		t.Fatal(err)
	}
	text := func(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }
	s.put(t, s.Requests.Table.Name, map[string]types.AttributeValue{"id": text(f.Request.ID), "row": text("event#0009"), "entry": text(string(entry))})
	w := &watched{Disposals: s.Disposals}
	if l, err := w.sweep(t, schedule.ClosedRequest, overdue); !errors.Is(err, disposal.ErrUnwritable) || l.Counts != (disposal.Counts{Failed: 1, Reduced: 1}) {
		t.Errorf("%+v, %v", l, err)
	}
	if s.state(t, "PD-2") != "reduced" {
		t.Error("a broken request keeps another")
	}
}

// What was chosen anew since the index was read, or since the row was, says what
// it is now.
func TestWhatARecordHasBecome(t *testing.T) {
	for name, c := range map[string]struct {
		row   map[string]string
		read  disposal.Counts
		wrote disposal.Counts
	}{
		"SES must be told": {map[string]string{"pending": "ses", "pending_at": "2026-01-01T00:00:00.000Z"}, disposal.Counts{Changed: 1}, disposal.Counts{Waiting: 1}},
		"SES knows":        {nil, disposal.Counts{Changed: 1}, disposal.Counts{Changed: 1}},
	} {
		for _, before := range []string{"read", "written"} {
			s := newRecords(t)
			k := key(s.optOut(t, schedule.OptOutEvidence, testkit.T0))
			change := func() {
				row := map[string]types.AttributeValue{"version": &types.AttributeValueMemberN{Value: "8"}}
				for attr, v := range map[string]string{"ref": string(k.Ref), "scope": string(k.Scope), "pending": c.row["pending"], "pending_at": c.row["pending_at"]} {
					if v != "" {
						row[attr] = &types.AttributeValueMemberS{Value: v}
					}
				}
				s.put(t, s.OptOuts.Table.Name, row)
			}
			w, want := &watched{Disposals: s.Disposals, read: change}, c.read
			if before == "written" {
				w.read, w.write, want = nil, change, c.wrote
			}
			if l, err := w.sweep(t, schedule.OptOutEvidence, overdue); err != nil || l.Counts != want {
				t.Errorf("%s, before it is %s: %+v, %v", name, before, l, err)
			}
		}
	}
}

// An opt-in confirmation that does not say when it was asked keeps no order.
func TestOrderWithABrokenConfirmation(t *testing.T) {
	s := newRecords(t)
	s.erasable(t, "ref-1", "PD-1")
	text := func(v string) types.AttributeValue { return &types.AttributeValueMemberS{Value: v} }
	s.put(t, s.OptOuts.Table.Name, map[string]types.AttributeValue{"ref": text("ref-1"), "scope": text("#opt-in"), "address": text("zaphod@example.com")})
	w := &watched{Disposals: s.Disposals}
	if l, err := w.sweep(t, schedule.ErasureOrder, testkit.T0); err != nil || l.Due != 9 || len(w.works) != 9 {
		t.Errorf("%+v, %v", l, err)
	}
}
