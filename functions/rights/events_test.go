package main

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit/webrig"
)

type eventCase struct {
	status  int
	piece   string
	history string
}

// What becomes of each file in events/rights, which are of our own making:
// the answer's status, a piece of its text, and the history of Marvin's latest
// request then.
var eventCases = map[string]eventCase{
	"form":           {200, `name="want"`, ""},
	"form-head":      {200, "", ""},
	"form-filled-in": {200, `value="restriction" checked`, ""},
	"form-gpc":       {200, "Global Privacy Control", ""},
	"form-preflight": {204, "", ""},

	"post-urlencoded":             {200, thankYou, "received verification_asked"},
	"post-json":                   {200, `"status":"received"`, "received verification_asked"},
	"post-multipart":              {200, thankYou, "received verification_asked"},
	"post-opt-out":                {200, "PD-", "received opted_out fulfilled"},
	"post-objection-with-reasons": {200, thankYou, "received opted_out verification_asked"},
	"post-gpc":                    {200, "Global Privacy Control", "received opted_out verification_asked"},
	"post-agent":                  {200, thankYou, "received verification_asked"},
	"post-honeypot":               {422, "send this once more", ""},
	"post-closing-slash":          {200, thankYou, "received verification_asked"},
	"post-all-wrong":              {422, `"on_behalf_of"`, ""},
	"post-broken-json":            {422, `"form"`, ""},
	"post-xml":                    {415, "", ""},
	"post-hostile":                {200, thankYou, "received verification_asked"},

	"confirm":           {200, "<button", "received verification_asked"},
	"confirm-head":      {200, "", "received verification_asked"},
	"confirm-prefetch":  {200, "<button", "received verification_asked"},
	"confirm-button":    {200, "/requests/status/", "received verification_asked verified"},
	"confirm-script":    {200, `"confirmed"`, "received verification_asked verified"},
	"confirm-child":     {200, "child", "received verification_asked verified asked"},
	"confirm-changed":   {200, "/requests/status/", "received verification_asked verified"},
	"confirm-empty":     {422, "Press one of the buttons", "received verification_asked"},
	"confirm-withdrawn": {409, "", "received verification_asked withdrawn"},
	"resend":            {200, "PD-", "received verification_asked mailed verification_resent"},

	"result":                  {200, "marvin@example.com", "received verification_asked"},
	"result-head":             {200, "", "received verification_asked"},
	"status":                  {200, "PD-", "received verification_asked verified"},
	"status-head":             {200, "", "received verification_asked verified"},
	"status-script":           {200, `"due_because":["`, "received verification_asked verified"},
	"status-disposed":         {410, "", ""},
	"status-other-purpose":    {400, "", "received verification_asked"},
	"status-withdraw":         {200, "PD-", "received verification_asked verified withdrawn"},
	"status-empty":            {422, `"action"`, "received verification_asked verified"},
	"status-withdraw-refused": {409, `"conflict"`, "received verification_asked verified refused"},
	"status-disagree":         {200, "PD-", "received verification_asked verified refused disagreed"},
	"status-disagree-silent":  {422, `name="statement"`, "received verification_asked verified refused"},
	"status-appeal":           {200, "/requests/status/", "received verification_asked verified refused appealed"},

	"export":                {200, marvin, "received verification_asked verified fulfilled"},
	"export-head":           {200, "", "received verification_asked verified fulfilled"},
	"export-script":         {200, `"privacydesk-export/v1"`, "received verification_asked verified fulfilled"},
	"export-json":           {200, `"privacydesk-export/v1"`, "received verification_asked verified fulfilled exported"},
	"export-csv":            {200, "requests,reference,kinds", "received verification_asked verified fulfilled exported"},
	"export-unknown-format": {422, `"format"`, "received verification_asked verified fulfilled"},

	"receipt-check":         {200, `name="receipt"`, ""},
	"receipt-check-head":    {200, "", ""},
	"receipt-check-garbage": {200, "not valid", ""},
	"receipt-check-good":    {200, `"valid":true`, "received verification_asked verified"},
	"keys":                  {200, `"Ed25519"`, ""},
	"keys-head":             {200, "", ""},
	"keys-closing-slash":    {200, `"Ed25519"`, ""},

	"system":               {200, `"email":"marvin@example.com"`, decidedThere + " fetched_by_system"},
	"system-head":          {200, "", decidedThere},
	"system-answer":        {200, `"state":"done"`, decidedThere + " system_answered"},
	"system-closing-slash": {200, `"person"`, decidedThere + " fetched_by_system"},
	"system-garbage":       {422, `"outcome"`, decidedThere},

	"receipt-check-closing-slash": {200, "not valid", ""},
}

// decidedThere is the history of a request that waits for other systems.
const decidedThere = "received verification_asked verified carrying_out systems_asked erasure_ordered"

// madeHere stands in an event file for what only a key can make: a link to a
// request, {{LINK:purpose:of what}}, and {{RECEIPT}}.
var madeHere = regexp.MustCompile(`\{\{(?:LINK:([a-z]+):?([a-z]*)|RECEIPT)\}\}`)

// made are the requests that links of event files are for.
var made = map[string]func(*rig) request.Request{
	"confirm": func(r *rig) request.Request { return r.open(germany, deadline.Access) },
	"child":   func(r *rig) request.Request { return r.open(germany, deadline.ChildErasure) },
	"withdrawn": func(r *rig) request.Request {
		return r.ok(r.rights.Withdraw(background, r.open(germany, deadline.Access).ID, audit.ByPerson))
	},
	"resend":   func(r *rig) request.Request { return r.mailed(r.open(germany, deadline.Access)) },
	"result":   func(r *rig) request.Request { return r.open(germany, deadline.Access) },
	"status":   func(r *rig) request.Request { return r.opened(germany, deadline.Access) },
	"refused":  func(r *rig) request.Request { return r.decided(refused, germany, deadline.Correction) },
	"disposed": func(*rig) request.Request { return request.Request{ID: "PD-7K3M-9QXT-40BZ-1HNE"} },
	"system":   func(r *rig) request.Request { return r.withSystems().erasing() },
	"export":   func(r *rig) request.Request { return r.decided(granted, germany, deadline.Access) },
}

// readEvent decodes a file strictly and tells which request it is about.
func (r *rig) readEvent(file string) (e events.APIGatewayV2HTTPRequest, q request.Request) {
	r.T.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		r.T.Fatal(err)
	}
	filled := string(text)
	for m := madeHere.FindStringSubmatch(filled); m != nil; m = madeHere.FindStringSubmatch(filled) {
		var value string
		if m[1] == "" {
			q = made["status"](r)
			once, _ := json.Marshal(r.receipt(q)) // it stands in a text within a text
			twice, _ := json.Marshal(string(once[1 : len(once)-1]))
			value = string(twice[1 : len(twice)-1])
		} else {
			of := m[2]
			if of == "" {
				of = m[1]
			}
			q = made[of](r)
			path := r.to(link.Purpose(m[1]), q)
			value = path[strings.LastIndex(path, "/")+1:]
		}
		filled = strings.ReplaceAll(filled, m[0], value)
	}
	return webrig.Decode(r.T, file, []byte(filled)), q
}

func TestEvents(t *testing.T) {
	webrig.EachFile(t, "events/rights", eventCases, func(t *testing.T, file string, c eventCase) {
		r := newRig(t)
		e, q := r.readEvent(file)
		a := r.Invoke(e)
		if a.StatusCode != c.status || !strings.Contains(a.Text, c.piece) || strings.Contains(a.Body, "<script") {
			t.Errorf("status %d, want %d with %q: %s", a.StatusCode, c.status, c.piece, a.Brief())
		}
		history := ""
		if all := r.of(marvin); q.ID == "" && len(all) > 0 {
			q = all[len(all)-1]
		}
		if q.Version > 0 {
			history = r.history(q.ID)
		}
		if history != c.history {
			t.Errorf("history %q", history)
		}
	})
}

// An event says of itself what the template routes.
func TestEventsAreOfTheTemplatesRoutes(t *testing.T) {
	webrig.CheckEvents(t, webrig.Routes(t, "rights", ""), "events/rights", func(file string) events.APIGatewayV2HTTPRequest {
		e, _ := newRig(t).readEvent(file)
		return e
	})
}
