package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/adapter/link"
	"privacydesk/shared/testkit/webrig"
)

type eventCase struct {
	before func(*rig)
	status int
	piece  string
	rows   string
}

// What becomes of each file in events/unsubscribe, which are of our own
// making: the answer's status, a piece of its text, and what is recorded of
// Marvin then.
var eventCases = map[string]eventCase{
	"home":                       {nil, 200, "<h1>", ""},
	"style":                      {nil, 200, "font", ""},
	"icon":                       {nil, 200, "<svg", ""},
	"icon-head":                  {nil, 200, "", ""},
	"gpc-head":                   {nil, 200, "", ""},
	"gpc":                        {nil, 200, `{"gpc":true,"lastUpdate":"20`, ""},
	"home-head":                  {nil, 200, "", ""},
	"style-head":                 {nil, 200, "", ""},
	"not-found":                  {nil, 404, "This page does not exist", ""},
	"not-found-script":           {nil, 404, `"code":404`, ""},
	"form":                       {nil, 200, `name="email"`, ""},
	"form-filled-in":             {nil, 200, `value="marvin@example.com"`, ""},
	"form-webflow-get":           {nil, 200, `value="marvin@example.com"`, ""},
	"form-head":                  {nil, 200, "", ""},
	"form-preflight":             {nil, 204, "", ""},
	"form-preflight-null-origin": {nil, 204, "", ""},

	"post-urlencoded":     {nil, 200, thankYou, "email=out@1"},
	"post-topics":         {nil, 200, thankYou, "email/events=out@1 email/newsletter=out@1"},
	"post-everything":     {nil, 200, thankYou, "email=out@1 phone=out@1 post=out@1 sms=out@1"},
	"post-erase":          {nil, 200, thankYou, "email=out@1"},
	"post-redirect":       {nil, 303, "", "email=out@1"},
	"post-open-redirect":  {nil, 200, thankYou, "email=out@1"},
	"post-multipart":      {nil, 200, thankYou, "email=out@1"},
	"post-json":           {nil, 200, `"code":200`, "email=out@1"},
	"post-json-as-text":   {nil, 200, `"code":200`, "email=out@1"},
	"post-lone-surrogate": {nil, 200, `"code":200`, "email=out@1"},
	"post-latin1":         {nil, 200, thankYou, "email=out@1"},
	"post-shift-jis":      {nil, 200, thankYou, "email=out@1"},
	"post-null-origin":    {nil, 200, thankYou, "email=out@1"},
	"post-idn":            {nil, 200, thankYou, ""},
	"post-webflow-jquery": {nil, 200, `"code":200`, "email=out@1"},
	"post-contact-form-7": {nil, 200, `"code":200`, "email=out@1"},
	"post-honeypot":       {nil, 200, thankYou, "email=out@1"},
	"post-closing-slash":  {nil, 200, thankYou, "email=out@1"},
	"post-no-address":     {nil, 422, problem, ""},
	"post-two-addresses":  {nil, 422, problem, ""},
	"post-broken-json":    {nil, 422, problem, ""},
	"post-xml":            {nil, 415, "", ""},

	"link":                    {nil, 200, "m***@e***.com", ""},
	"link-prefetch":           {nil, 200, "m***@e***.com", ""},
	"link-head":               {nil, 200, "", ""},
	"link-button":             {nil, 200, "/undo/", "email=out@1"},
	"result":                  {nil, 200, thankYou, ""},
	"result-head":             {nil, 200, "", ""},
	"one-click":               {nil, 200, "unsubscribed", "email=out@1"},
	"one-click-topic":         {nil, 200, "Emails on “News” have stopped.", "email/newsletter=out@1"},
	"one-click-multipart":     {nil, 200, "unsubscribed", "email=out@1"},
	"one-click-extra-fields":  {stopped, 200, "unsubscribed", "email=out@2"},
	"one-click-closing-slash": {nil, 200, "unsubscribed", "email=out@1"},
	"one-click-empty":         {nil, 200, "unsubscribed", "email=out@1"},
	"one-click-no-type":       {nil, 200, "unsubscribed", "email=out@1"},
	"one-click-text":          {nil, 200, "unsubscribed", "email=out@1"},
	"one-click-damaged":       {nil, 400, "damaged", ""},
	"one-click-other-purpose": {nil, 400, "damaged", ""},
	"my-links":                {nil, 200, `name="email"`, ""},
	"my-links-head":           {nil, 200, "", ""},
	"post-my-links":           {nil, 200, "marvin@example.com", ""},
	"undo":                    {stopped, 200, "m***@e***.com", "email=in@2"},

	"preferences":            {nil, 200, "want_email", ""},
	"preferences-head":       {nil, 200, "", ""},
	"preferences-everything": {nil, 200, "m***@e***.com", "email=out@1 phone=out@1 post=out@1 sms=out@1"},
	"preferences-some":       {nil, 200, "22 December 2026", "email/events=out@1 phone=out@1 sms=paused@1"},
	"preferences-pause":      {nil, 200, "21 January 2027", "email=paused@1"},
	"preferences-come-back":  {stopped, 200, "m***@e***.com", "email=out@1"},
	"confirm":                {stopped, 200, "<button", "email=out@1"},
	"confirm-head":           {stopped, 200, "", "email=out@1"},
	"confirm-button":         {stopped, 200, "m***@e***.com", "email=in@2"},

	"links":                 {nil, 200, `"List-Unsubscribe-Post":"List-Unsubscribe=One-Click"`, ""},
	"links-closing-slash":   {nil, 200, `"List-Unsubscribe-Post":"List-Unsubscribe=One-Click"`, ""},
	"links-unsigned":        {nil, 404, "does not exist", ""},
	"links-none":            {nil, 422, `"recipients"`, ""},
	"check":                 {stopped, 200, `"reason":"unsubscribed"`, "email=out@1"},
	"check-closing-slash":   {stopped, 200, `"reason":"unsubscribed"`, "email=out@1"},
	"check-unknown-channel": {nil, 422, `"channel"`, ""},
	"import":                {nil, 200, `"taken"`, "email=out@1"},
	"import-undo":           {imported, 200, `"withdrawn":1`, ""},
	"list":                  {stopped, 200, `"reason":"unsubscribed"`, "email=out@1"},
	"list-head":             {stopped, 200, "", "email=out@1"},
	"feed":                  {stopped, 200, `{"after":"","changes":[],"more":false}`, "email=out@1"},
	"feed-head":             {stopped, 200, "", "email=out@1"},
	"choices":               {stopped, 200, `"address":"marvin@example.com"`, "email=out@1"},
	"choices-head":          {stopped, 200, "", "email=out@1"},
}

// sealedHere stands in an event file for a link, which only a key can make:
// {{LINK:purpose:address:topic}}.
var sealedHere = regexp.MustCompile(`\{\{LINK:([a-z-]+):([^:}]+):?([a-z-]*)\}\}`)

func (r *rig) readEvent(file string) (e events.APIGatewayV2HTTPRequest) {
	r.T.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		r.T.Fatal(err)
	}
	filled := string(text)
	for m := sealedHere.FindStringSubmatch(filled); m != nil; m = sealedHere.FindStringSubmatch(filled) {
		filled = strings.ReplaceAll(filled, m[0], last(r.link(link.Purpose(m[1]), m[2], m[3])))
	}
	return webrig.Decode(r.T, file, []byte(filled))
}

func TestEvents(t *testing.T) {
	webrig.EachFile(t, "events/unsubscribe", eventCases, func(t *testing.T, file string, c eventCase) {
		r := newRig(t)
		if c.before != nil {
			c.before(r)
		}
		e := r.readEvent(file)
		if a := r.Invoke(e); a.StatusCode != c.status || !strings.Contains(a.Text, c.piece) {
			t.Errorf("status %d, want %d with %q: %s", a.StatusCode, c.status, c.piece, a.Brief())
		}
		r.wantRows(marvin, c.rows)
	})
}

// An event says of itself what the template routes.
func TestEventsAreOfTheTemplatesRoutes(t *testing.T) {
	webrig.CheckEvents(t, webrig.Routes(t, "unsubscribe", ""), "events/unsubscribe", func(file string) events.APIGatewayV2HTTPRequest {
		return newRig(t).readEvent(file)
	})
}

// imported takes over a list that Marvin is on.
func imported(r *rig) {
	ask[importedRow](r, "/suppressions/import", map[string]any{"import": "0123456789abcdef", "rows": []importRow{{Address: marvin}}})
}
