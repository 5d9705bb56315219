package api

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit/webrig"
)

type eventCase struct {
	status int
	piece  string
	last   string
}

// What becomes of each file in events/desk/api, which are of our own making: the
// answer's status, a piece of it, and the last event of the request.
var eventCases = map[string]eventCase{
	"list":               {200, `"requests":[`, ""},
	"list-closing-slash": {200, `"requests":[`, ""},
	"list-by":            {200, `"requests":[`, ""},
	"list-by-nonsense":   {422, `"by"`, ""},
	"enter":              {200, `"reference":"PD-`, ""},
	"enter-wrong":        {422, `"address"`, ""},
	"show":               {200, `"state":"open"`, "verified"},
	"show-unknown":       {404, "", ""},
	"drift":              {200, "", ""},
	"holds":              {200, `"class":"closed-request"`, ""},
	"hold":               {200, `"of":"person"`, ""},
	"hold-wrong":         {422, "name one of them", ""},
	"hold-lift":          {200, `"active":false`, ""},
	"hold-keep":          {200, `"active":true`, ""},
	"act-preview":        {200, `"code":"closes"`, "verified"},
	"bounce-lift":        {409, "no bounce", ""},
	"certificates":       {200, `"certificates":[{"seq":2`, ""},

	"act-verify":            {200, `"state":"open"`, "verified"},
	"act-ask":               {200, `"state":"waiting_for_person"`, "asked"},
	"act-ask-fee":           {200, `"amount":"12.50"`, "asked"},
	"act-answer":            {200, `"state":"open"`, "answered"},
	"act-extend":            {200, `"state":"open"`, "extended"},
	"act-decide":            {200, `"state":"fulfilled"`, "fulfilled"},
	"act-decide-partly":     {200, `"clause":"Art. 23 GDPR"`, "partly_fulfilled"},
	"act-decide-refused":    {200, `"state":"refused"`, "refused"},
	"act-decide-groundless": {422, `"grounds"`, "verified"},
	"act-draft":             {200, `"explanation":"so far"`, "drafted"},
	"act-send":              {200, `"send_at":"2026-11-22T12:10:00Z"`, "scheduled"},
	"act-send-never":        {422, "must be one of now, morning", "drafted"},
	"act-callback":          {200, `"state":"open"`, "called_back"},
	"act-sign":              {200, `"signed_by":"dpo-1/`, "scheduled"},
	"act-disagree":          {200, `"statement":"He said`, "disagreed"},
	"act-erase":             {200, `"erase_from":"`, "erasure_ordered"},
	"act-erase-unasked":     {409, "does not ask for an erasure", "verified"},
	"act-amend":             {200, `"place":"US-VA"`, "amended"},
	"act-join":              {409, "cannot be joined", "refused"},
	"act-reopen":            {200, `"state":"open"`, "reopened"},
	"act-note":              {200, `"state":"open"`, "noted"},
	"act-seen":              {200, `"state":"refused"`, "seen"},
	"act-resend":            {200, `"state":"awaiting_verification"`, "verification_resent"},
	"act-mail":              {200, `"state":"pending"`, "noted"},
	"act-system":            {200, `"state":"carrying_out"`, "system_set"},
	"act-tell":              {200, `"state":"carrying_out"`, "system_again"},
	"act-file":              {200, `"fields":[{"name":"key","value":"file1"}`, "verified"},
	"act-file-wrong":        {422, `"for"`, "verified"},
	"act-arrived":           {200, `"state":"stored"`, "file_added"},
	"act-fetch":             {200, `"url":"https://files.s3.example/file1"`, "file_fetched"},
	"act-remove":            {200, `"state":"gone"`, "file_removed"},
	"act-withdraw":          {200, `"state":"withdrawn"`, "withdrawn"},
	"act-expire":            {200, `"state":"expired"`, "expired"},
	"act-answer-open":       {409, "cannot be answered", "verified"},
	"act-unknown":           {404, "Unknown action; must be one of", "verified"},
	"act-broken-json":       {422, "JSON object", "verified"},
	"act-of-nothing":        {404, "", ""},
}

// madeHere stands in an event file for the reference of a request in a state.
var madeHere = regexp.MustCompile(`\{\{REQUEST:([a-z]+)\}\}`)

func (r *rig) readEvent(file string) (e events.APIGatewayV2HTTPRequest, q request.Request) {
	r.t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		r.t.Fatal(err)
	}
	if m := madeHere.FindSubmatch(text); m != nil {
		q = r.of(string(m[1]))
		text = bytes.ReplaceAll(text, m[0], []byte(q.ID))
	}
	return webrig.Decode(r.t, file, text), q
}

func TestEvents(t *testing.T) {
	webrig.EachFile(t, "events/desk/api", eventCases, func(t *testing.T, file string, c eventCase) {
		r := newRig(t)
		e, q := r.readEvent(file)
		a := r.expect(r.invoke(e), c.status, c.piece)
		if q.ID == "" {
			return
		}
		if last := r.last(q.ID); last.Kind != c.last || a.StatusCode == 200 && e.RequestContext.HTTP.Method == "POST" && e.PathParameters["action"] != "preview" && e.PathParameters["action"] != "file" && !strings.HasSuffix(by(last), "dpo-1/AROAEXAMPLE0123456789:"+r.Rights.Key.Officer("officer@example.com")) {
			t.Errorf("the last event is %s, by %s", last.Kind, last.Actor)
		}
	})
}

// An event says of itself what the template routes.
func TestEventsAreOfTheTemplatesRoutes(t *testing.T) {
	webrig.CheckEvents(t, webrig.Routes(t, "desk", "/api"), "events/desk/api", func(file string) events.APIGatewayV2HTTPRequest {
		e, _ := newRig(t).readEvent(file)
		return e
	})
}
