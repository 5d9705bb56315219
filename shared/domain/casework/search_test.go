package casework_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

func (r *rig) search(text string) casework.Found {
	r.Helper()
	found, err := r.Search(background, text)
	if err != nil {
		r.Fatalf("%q: %v", text, err)
	}
	return found
}

func TestSearchByReference(t *testing.T) {
	r := newRig(t)
	q := r.must(r.rights.Decide(background, r.confirmed(germany, deadline.Correction).ID, officer, refusal))
	for _, text := range []string{q.ID, " " + strings.ToLower(q.ID), strings.ReplaceAll(q.ID, "-", ""), strings.ReplaceAll(q.ID[3:], "-", " "), strings.NewReplacer("0", "o", "1", "l").Replace(q.ID)} {
		if found := r.search(text); found.By != casework.ByReference || found.File != q.ID || references(found.Rows) != q.ID {
			t.Errorf("%q: %+v", text, found)
		}
	}
	if found := r.search("pdfa-rzrz-eeg6-zf5k"); found.By != casework.ByReference {
		t.Errorf("one whose own signs begin with PD: %+v", found)
	}
	if found := r.search("PD-0000-0000-0000-0000"); found.By != casework.ByReference || found.File != "" || len(found.Rows) != 0 {
		t.Errorf("nothing: %+v", found)
	}
}

func TestSearchByAddress(t *testing.T) {
	r := newRig(t)
	q := r.confirmed(germany, deadline.Access)
	found := r.search(" Person1@EXAMPLE.com ")
	if found.By != casework.ByAddress || found.Ref != q.Ref || references(found.Rows) != q.ID || found.More {
		t.Errorf("%+v", found)
	}
	if found := r.search("person@example.com"); len(found.Rows) != 0 || found.Ref == "" {
		t.Errorf("a part of an address: %+v", found)
	}
	if _, err := r.Search(background, "person1@"); !fault.Is(err, fault.Invalid) {
		t.Errorf("half an address: %v", err)
	}
}

func TestSearchByName(t *testing.T) {
	r := newRig(t)
	first, second := r.confirmed(germany, deadline.Access), r.confirmed(germany, deadline.Access)
	r.opened(germany, deadline.Access)
	r.must(r.rights.Decide(background, second.ID, officer, refusal))
	for _, text := range []string{"Zoë", "zoe mu", "MULLER", "müller 1", "muller   zoe"} {
		if found := r.search(text); found.By != casework.ByName || references(found.Rows) != first.ID || found.Read != 1 || found.More {
			t.Errorf("%q: %+v", text, found)
		}
	}
	for _, text := range []string{"üller", "Ford", "ller zoe"} {
		if found := r.search(text); len(found.Rows) != 0 || found.Read != 1 {
			t.Errorf("%q: %+v", text, found)
		}
	}
	for _, text := range []string{"", "z", " z "} {
		if _, err := r.Search(background, text); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// A search says what it did not read.
func TestSearchByNameIsBounded(t *testing.T) {
	r := newRig(t)
	for i := range 5000 {
		bulk(r, fmt.Sprintf("PD-%04d", i), r.now.AddDate(0, 0, 1+i/100))
	}
	if found := r.search("Zoe"); found.Read > 4500 || !found.More || r.lists.reads > 6 {
		t.Errorf("%d of 5000 were read in %d reads, more %v", found.Read, r.lists.reads, found.More)
	}
}

// holds are the legal holds of a test; they count how often they are read.
type holds struct {
	list  []disposal.Hold
	reads int
}

func (h *holds) InForce(context.Context) (disposal.InForce, error) {
	h.reads++
	return disposal.InForce{List: h.list}, nil
}

func TestPerson(t *testing.T) {
	r := newRig(t)
	q := r.confirmed(germany, deadline.Objection, deadline.Access)
	if _, err := r.rights.Open(background, request.Intake{Address: q.Address, Kinds: []intake.Kind{deadline.Erasure}, OnBehalfOf: intake.Self, Language: "en", Source: intake.FromForm}); err != nil {
		t.Fatal(err)
	}
	other := r.confirmed(germany, deadline.Access)
	kept := &holds{list: []disposal.Hold{{ID: "H-1", Ref: q.Ref}, {ID: "H-2", Request: q.ID}, {ID: "H-3", Ref: other.Ref}, {ID: "H-4", Ref: q.Ref, LiftedAt: r.now}}}
	r.Holds = kept
	bounce := optout.Change{Key: optout.Key{Ref: q.Ref, Scope: optout.Bounce.Scope()}, To: optout.Out, Address: q.Address, Evidence: optout.Evidence{Source: optout.FromBounce, At: r.now, Detail: "General"}}
	if _, err := r.optOuts.Apply(background, bounce); err != nil {
		t.Fatal(err)
	}
	p, err := r.Person(background, q.Ref)
	if err != nil || references(p.Rows) != q.ID || len(p.Unconfirmed) != 1 || p.More || !p.ErasedAt.IsZero() {
		t.Fatalf("%+v, %v", p, err)
	}
	if len(p.Holds) != 2 || p.Holds[0].ID != "H-1" || p.Holds[1].ID != "H-2" || !p.Rows[0].Held {
		t.Errorf("holds %+v", p.Holds)
	}
	if len(p.Choices) != 4 || len(p.Reports) != 1 || p.Reports[0].Detail != "General" || !p.Reports[0].Stops {
		t.Errorf("%+v", p)
	}
	for _, c := range p.Choices {
		if c.State != optout.Out || !c.Stops || c.Source != optout.FromRequest || c.Since.IsZero() {
			t.Errorf("%+v", c)
		}
	}
	if p, err := r.Person(background, testkit.Key(t).Ref(testkit.Address(t, "nobody@example.com"))); err != nil || len(p.Rows)+len(p.Choices)+len(p.Holds) != 0 {
		t.Errorf("nobody: %+v, %v", p, err)
	}
	r.now = r.now.Add(30 * time.Second)
	if rows := r.queue(casework.Query{Held: true}).Rows; len(rows) != 2 || kept.reads != 2 { // one for each look at a person
		t.Errorf("held: %s, %d reads", references(rows), kept.reads)
	}
	kept.list, r.now = nil, r.now.Add(time.Minute)
	if rows := r.queue(casework.Query{Held: true}).Rows; len(rows) != 0 || kept.reads != 3 {
		t.Errorf("lifted: %s, %d reads", references(rows), kept.reads)
	}
}

// A hold shows in what is possible: an erasure cannot be granted.
func TestAHoldKeepsAnErasureBack(t *testing.T) {
	r := newRig(t)
	q := r.confirmed(germany, deadline.Erasure)
	r.rights.Holds = keeps{{Hold: "H-1"}}
	acts := r.acts(q.ID)
	check(t, acts, map[string]string{"decide fulfilled": "hold", "decide partly_fulfilled": "yes", "decide refused": "yes"})
	if facts := acts["decide fulfilled"].Why.Facts; facts["holds"] != "H-1" {
		t.Errorf("%v", facts)
	}
}

type keeps []request.KeptBack

func (k keeps) KeptBack(context.Context, *request.Request) ([]request.KeptBack, error) { return k, nil }
