package e2e

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"privacydesk/infra/local/systems"
)

// wish is a person's request for the erasure of all that is held about them, made on the site and confirmed.
type wish struct{ address, name, id, status string }

func (d *telling) asksToBeErased(t *testing.T, address, name string) wish {
	t.Helper()
	private.add(address, name)
	d.known(address)
	form := url.Values{"email": {address}, "name": {name}, "kind": {"erasure"}, "country": {"DE"}, "details": {"I am " + name + ", " + address}}
	sent := d.post(t, "/requests", form)
	d.accepted(t, sent)
	id := reference.FindString(sent.body)
	confirmed := d.confirm(t, d.mailed(t, address, "/requests/confirm/", id))
	d.accepted(t, confirmed)
	w := wish{address, name, id, confirmed.on(t, "/requests/status/")}
	d.provesIt(t, w)
	d.officer(t, id, "decide", map[string]any{"outcome": "fulfilled", "explanation": "Dear " + name})
	return w
}

// provesIt has the person send a proof, which lies in S3 until the case is closed.
func (d *telling) provesIt(t *testing.T, w wish) {
	t.Helper()
	d.officer(t, w.id, "ask", map[string]any{"cause": "identity", "question": "Who are you, " + w.name + "?"})
	browser := newVisitor(t, d.URL)
	_, _, page := browser.look(d.URL+w.status, url.Values{"action": {"add_file"}, "lang": {"en"}})
	if _, code, body := browser.send(upload(t, page, "%PDF-1.7 the passport of "+w.name)); code != http.StatusOK {
		t.Fatalf("%d %s", code, body)
	}
	d.officer(t, w.id, "answer", map[string]any{})
}

// ledgerOf is the ledger of a request: "crm told, shop done 1, …".
func (d *telling) ledgerOf(t *testing.T, id string) string {
	t.Helper()
	var out []string
	for _, system := range []string{"crm", "newsletter", "shop", "contracts", "warehouse"} {
		r := d.ledgerRow(t, id, system)
		said := system + " " + r["system_state"]
		if r["records"] != "0" {
			said += " " + r["records"]
		}
		out = append(out, said)
	}
	return strings.Join(out, ", ")
}

// aMoment is so long that forty of them are more than the two minutes for which a run that is overtaken keeps its attempt.
const aMoment = 5 * time.Second

// comesTo waits until the ledger says something, and lets time pass in steps until then.
func (d *telling) comesTo(t *testing.T, id, ledger string, step time.Duration) {
	t.Helper()
	said := ""
	for range 40 {
		if said = d.ledgerOf(t, id); strings.Contains(said, ledger) {
			return
		}
		d.runs(t, step)
	}
	t.Fatalf("the ledger never says %q: %s", ledger, said)
}

// Three people are erased everywhere: in HubSpot and Mailchimp by their APIs, in the shop by a webhook, by hand in the
// contract files, and, once all have said so, at the desk itself. Of one all goes well; of another HubSpot is down for
// two days; of the third it never comes back, and the shop wants to hear nothing any more.
func TestErasedEverywhere(t *testing.T) {
	t.Parallel()
	d := tellEverywhere(t)
	var people []wish
	for _, story := range []struct {
		name, address, whole string
		erase                func(*testing.T, wish)
	}{
		{"all well", "trillian.mcmillan@hitchhiker.example", "Tricia Marie McMillan", d.othersErase},
		{"one is down for two days", "fenchurch.rickmansworth@hitchhiker.example", "Fenchurch Ann Rickmansworth", d.oneIsDown},
		{"two never come back", "gargravarr.perspective@hitchhiker.example", "Gargravarr Total Perspective", d.twoAreLost},
	} {
		ok := t.Run(story.name, func(t *testing.T) {
			who := d.asksToBeErased(t, story.address, story.whole)
			people = append(people, who)
			story.erase(t, who)
			d.personReads(t, who)
			d.standsWhereItMay(t, who)
			d.deskErases(t, who)
		})
		if !ok {
			return
		}
	}
	if d.seen == 0 {
		t.Error("nobody was looked for before the desk erased them")
	}
	d.Stack.Close()
	for _, who := range people {
		if stray, missed := d.searchDisk(t, who).but(onDisk...); len(stray)+len(missed) > 0 {
			t.Errorf("on the disk: found in %q, not found in %q", stray, missed)
		}
	}
}

// othersErase has each system do its part. The case waits for the last of them.
func (d *telling) othersErase(t *testing.T, who wish) {
	t.Helper()
	d.comesTo(t, who.id, "shop done 1, contracts told, warehouse told", aMoment)
	if calls := d.oneCall(t, who); !calls[0].Genuine || !strings.Contains(calls[0].Fetched, who.name) {
		t.Errorf("the shop was called %+v", calls)
	}
	d.ownerSays(t, who, "contracts", filesOwner, "outcome=not_found")
	d.comesTo(t, who.id, "crm told, newsletter done 2, shop done 1, contracts not_found, warehouse told", time.Minute)
	d.hubSpotErases(t, who)
	d.historySays(t, who.id, map[string]int{
		"told crm": 1, "told newsletter": 1, "told contracts": 1, "told warehouse": 1, // the shop answered at once
		"answered crm": 1, "answered newsletter": 1, "answered contracts": 1, "answered warehouse": 1, "answered shop": 1,
		"fetched shop": 1, "fetched contracts": 1,
	})
	d.productsHeard(t, 1)
}

// oneCall is what the shop was called. A run that is overtaken while the time moves calls again, with the id it had.
func (d *telling) oneCall(t *testing.T, who wish) []systems.Call {
	t.Helper()
	calls := d.callsOf(who.id, shopHost)
	if len(calls) == 0 || slices.ContainsFunc(calls, func(c systems.Call) bool { return c.ID != calls[0].ID }) {
		t.Fatalf("the shop was called %+v", calls)
	}
	return calls
}

// ownerSays has the owner of a system look whom their task is about, and answer.
func (d *telling) ownerSays(t *testing.T, who wish, system, owner, answer string) {
	t.Helper()
	task := d.mailed(t, owner, "/systems/", who.id)
	if shown := d.posts(t, task, "action=reveal"); shown.status != http.StatusOK || !strings.Contains(shown.body, who.address) {
		t.Errorf("the owner of %s is shown %d %.300s", system, shown.status, shown.body)
	}
	if said := d.posts(t, task, "action=answer&"+answer); said.status != http.StatusOK {
		t.Errorf("the owner of %s answers: %d %.300s", system, said.status, said.body)
	}
}

// hubSpotErases takes its time. Until it shows that the person is gone, the case waits, and the desk keeps them.
func (d *telling) hubSpotErases(t *testing.T, who wish) {
	t.Helper()
	d.runs(t, 27*24*time.Hour)
	if r := d.request(t, who.id); r["state"] != "carrying_out" || !strings.HasPrefix(d.ledgerOf(t, who.id), "crm told") || r["reduced_at"] != "" {
		t.Errorf("before HubSpot is done: %s, %s", r["state"], d.ledgerOf(t, who.id))
	}
	d.comesTo(t, who.id, "crm done 1, newsletter done 2, shop done 1, contracts not_found, warehouse failed", 24*time.Hour)
	if d.hubSpot.has(who.address) || d.mailchimp.has(who.address) {
		t.Errorf("HubSpot has %q, Mailchimp %q", d.hubSpot.product.Records(), d.mailchimp.product.Records())
	}
}

// troubles are what HubSpot answers for half a day each, or until it is called.
var troubles = []struct {
	name string
	says func(http.ResponseWriter)
}{
	{"500", func(w http.ResponseWriter) { w.WriteHeader(http.StatusInternalServerError) }},
	{"429, wait for eight hours", func(w http.ResponseWriter) {
		w.Header().Set("Retry-After", "28800")
		w.WriteHeader(http.StatusTooManyRequests)
	}},
	{"garbage", func(w http.ResponseWriter) { _, _ = w.Write([]byte("<h1>We are back soon</h1>")) }},
	{"hangs up", func(http.ResponseWriter) { panic(http.ErrAbortHandler) }},
}

// oneIsDown: HubSpot answers nothing of use for two days. The others are done long before; then it is told as if
// nothing had been, and the ledger has it once.
func (d *telling) oneIsDown(t *testing.T, who wish) {
	t.Helper()
	d.hubSpot.gets(troubles[0].says)
	d.comesTo(t, who.id, "contracts told", aMoment)
	d.ownerSays(t, who, "contracts", filesOwner, "outcome=not_found")
	d.comesTo(t, who.id, "crm due, newsletter done 2, shop done 1, contracts not_found, warehouse told", time.Minute)
	for _, trouble := range troubles {
		d.hubSpot.gets(trouble.says)
		calls := len(d.hubSpot.heard())
		for hours := 0; hours < 12 || len(d.hubSpot.heard()) == calls && hours < 24; hours++ {
			d.runs(t, time.Hour)
		}
		if n := len(d.hubSpot.heard()) - calls; n < 1 || n > 4 {
			t.Errorf("%s: it was called %d times", trouble.name, n)
		}
		if r := d.ledgerRow(t, who.id, "crm"); r["system_state"] != "due" || r["by_owner"] != "" || d.request(t, who.id)["state"] != "carrying_out" {
			t.Errorf("%s: %v", trouble.name, r)
		}
	}
	d.hubSpot.gets(nil)
	d.comesTo(t, who.id, "crm told", 5*time.Hour)
	d.hubSpotErases(t, who)
	d.historySays(t, who.id, map[string]int{
		"told crm": 1, "told newsletter": 1, "told contracts": 1, "told warehouse": 1,
		"answered crm": 1, "answered newsletter": 1, "answered contracts": 1, "answered warehouse": 1, "answered shop": 1,
		"fetched shop": 1, "fetched contracts": 1,
	})
	d.productsHeard(t, 2)
}

// twoAreLost: HubSpot does not come back, and the shop answers 410. Their owners get what no call could tell.
func (d *telling) twoAreLost(t *testing.T, who wish) {
	t.Helper()
	d.hubSpot.gets(troubles[0].says)
	d.Systems.Behave(systems.Gone)
	d.comesTo(t, who.id, "contracts told", aMoment)
	d.ownerSays(t, who, "contracts", filesOwner, "outcome=not_found")
	d.comesTo(t, who.id, "shop told", time.Minute)
	d.ownerSays(t, who, "shop", "shop@biosero.com", "outcome=done&records=1")
	d.comesTo(t, who.id, "crm due, newsletter done 2, shop done 1, contracts not_found", time.Minute)
	d.comesTo(t, who.id, "crm told", 5*time.Hour)
	d.oneCall(t, who)
	if r := d.ledgerRow(t, who.id, "crm"); r["by_owner"] != "1" {
		t.Errorf("HubSpot's owner has no task: %v", r)
	}
	d.ownerSays(t, who, "crm", "crm@biosero.com", "outcome=done&records=1")
	d.comesTo(t, who.id, "crm done 1, newsletter done 2, shop done 1, contracts not_found, warehouse failed", 24*time.Hour)
	d.historySays(t, who.id, map[string]int{
		"handed_over crm": 1, "handed_over shop": 1,
		"told crm": 1, "told newsletter": 1, "told shop": 1, "told contracts": 1, "told warehouse": 1,
		"answered crm": 1, "answered newsletter": 1, "answered contracts": 1, "answered warehouse": 1, "answered shop": 1,
		"fetched crm": 1, "fetched shop": 1, "fetched contracts": 1,
	})
	d.productsHeard(t, 2)
}

// personReads is that the last letter and the page say what was done where.
func (d *telling) personReads(t *testing.T, who wish) {
	t.Helper()
	if state := d.request(t, who.id)["state"]; state != "fulfilled" {
		t.Fatal(state)
	}
	last := ""
	wait(t, "the letter has gone", func() bool {
		d.runNotices(t)
		last = strings.Join(strings.Fields(d.mails(t, who.address)[0]), " ")
		return strings.Contains(last, "done, 2 records")
	})
	page := d.get(t, who.status).body
	for _, line := range []string{
		"The contract files of our sales team: nothing was found there", "Our customer database: done, 1 record", "Our newsletter service: done, 2 records",
		"Our shop: done, 1 record", "Data warehouse: was told, and has not answered",
	} {
		if !strings.Contains(last, line) || !strings.Contains(page, line) {
			t.Errorf("%q is in the letter: %v, on the page: %v\n%s", line, strings.Contains(last, line), strings.Contains(page, line), last)
		}
	}
}

// historySays is how often the history has what happened with each system.
func (d *telling) historySays(t *testing.T, id string, want map[string]int) {
	t.Helper()
	got := map[string]int{}
	for _, r := range d.rows(t, "RequestsTable") {
		var entry struct {
			Kind  string
			Facts struct{ System string }
		}
		if r["id"] == id && json.Unmarshal([]byte(r["entry"]), &entry) == nil && entry.Facts.System != "" {
			got[strings.NewReplacer("system_", "", "_by_system", "").Replace(entry.Kind)+" "+entry.Facts.System]++
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("the history has %v, want %v", got, want)
	}
}

// productsHeard is that HubSpot was asked to erase once a person, and Mailchimp of each in both audiences: archived,
// as by its DELETE, is nobody.
func (d *telling) productsHeard(t *testing.T, people int) {
	t.Helper()
	calls := append(d.hubSpot.product.Calls(), d.mailchimp.product.Calls()...)
	for call, want := range map[string]int{"gdpr-delete": people, "DELETE ": 0} {
		if n := strings.Count(strings.Join(calls, "\n"), call); n < want || want == 0 && n > 0 { // an overtaken run calls again
			t.Errorf("%q came %d times, want %d", call, n, want)
		}
	}
}

// Where a person may stand. The reference is keyed: without the desk's secret it says nothing.
var (
	always = []string{
		"mail to the person", "SES's list", // which refuses mail to them; the letter says so
		"call to HubSpot", "call to Mailchimp", // by the address, and by its hash: they find people by nothing else
		"ref in OptOutsTable email ref", "ref in event bus",
		"ref in RequestsTable request ref", "ref in RequestsTable request card",
		"ref in RequestsTable.Person request ref", "ref in RequestsTable.Person request card",
		"ref in RequestsTable.Disposal request ref", "ref in RequestsTable.Due request card",
	}
	untilErased = []string{
		"RequestsTable request address", "RequestsTable request name", "RequestsTable request details", "RequestsTable request decision",
		"RequestsTable event entry", "RequestsTable mail text", "OptOutsTable email address", "OptOutsTable.Changes email address",
		"ref in OptOutsTable.Changes email ref", "ref in OptOutsTable.Disposal email ref",
	}
	// A restore reads in the log who was erased (infra/runbooks/restore.md).
	onceErased = []string{"ref in log retention.log", "ref in log terminal"}
	onDisk     = []string{"stand-in's mails", "stand-in's lists", "ref in stand-in's events", "ref in file retention.log"}
	// How far a system was told of choices: the last change has its place until the next one.
	byChance = []string{"ref in OptOutsTable newsletter cursor", "ref in OptOutsTable warehouse cursor"}
)

// standsWhereItMay is that before the desk erases them, the person stands where they must, and nowhere else.
func (d *telling) standsWhereItMay(t *testing.T, who wish) {
	t.Helper()
	found := d.search(t, who)
	if d.request(t, who.id)["reduced_at"] != "" {
		t.Log("the night's run, which comes when the time moves, has erased them already")
		return
	}
	d.seen++
	found.standIn(t, "before the desk erases them", append(always, untilErased...))
}

// deskErases is that nothing of the person is left at the desk afterwards but what its letter says: their opt-out, by the
// reference.
func (d *telling) deskErases(t *testing.T, who wish) {
	t.Helper()
	wait(t, "the desk has erased them", func() bool { d.sweeps(t, "continue"); return d.request(t, who.id)["reduced_at"] != "" })
	d.search(t, who).standIn(t, "afterwards", append(always, onceErased...))
}

func (found traces) standIn(t *testing.T, when string, allowed []string) {
	t.Helper()
	for _, place := range byChance {
		delete(found, place)
	}
	if stray, missed := found.but(allowed...); len(stray)+len(missed) > 0 {
		t.Errorf("%s: found in %q, not found in %q", when, stray, missed)
	}
}
