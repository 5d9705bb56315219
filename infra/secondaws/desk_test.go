//go:build secondaws

package secondaws

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

const (
	asJSON    = "application/json"
	form      = "application/x-www-form-urlencoded"
	multipart = "multipart/form-data; boundary=b"
	oneClick  = "List-Unsubscribe=One-Click"
)

func part(name, value string) string {
	return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n--b--\r\n"
}

// visit is one request to the API and what its answer must be.
type visit struct {
	who    *key   // who signs it; nil: nobody
	method string // POST unless it is said
	path   string // {link}: the link of the address below
	link   string
	kind   string // Content-Type
	body   string
	status int    // 200 unless it is said
	says   string // what the body holds
	ends   string // the person's rows afterwards, by the address in link or in the body
}

// ask sends a request to the HTTP API, under the host name that MiniStack knows it by.
func (c *cloud) ask(t *testing.T, v visit) answer {
	t.Helper()
	if v.method == "" {
		v.method = http.MethodPost
	}
	if v.status == 0 {
		v.status = http.StatusOK
	}
	header := map[string]string{"Accept": "text/html"}
	if v.kind != "" {
		header["Content-Type"] = v.kind
	}
	if v.kind == asJSON {
		delete(header, "Accept")
	}
	got, err := c.send(v.who, "execute-api", v.method, c.url+v.path, c.resources["Api"]+".execute-api.localhost:"+c.port, header, v.body)
	if err != nil {
		t.Fatal(err)
	}
	if got.status != v.status || !strings.Contains(got.body, v.says) {
		t.Errorf("%s %s: %d %.300s\nwant %d with %q", v.method, v.path, got.status, got.body, v.status, v.says)
	}
	return got
}

// linkOf asks for a person's link as a campaign's system does.
func (c *cloud) linkOf(t *testing.T, address string) string {
	t.Helper()
	got := c.ask(t, visit{who: &campaigns, path: "/links", kind: asJSON, body: `{"recipients":[{"address":"` + address + `","campaign":"spring"}]}`, says: publicURL + "/u/"})
	var out struct{ Links []struct{ URL string } }
	if err := json.Unmarshal([]byte(got.body), &out); err != nil || len(out.Links) != 1 {
		t.Fatalf("POST /links: %v in %s", err, got.body)
	}
	return strings.TrimPrefix(out.Links[0].URL, publicURL)
}

// The keys of an officer, of a campaign's system, of an operator and of a system that reads the feed, who have the
// stack's policies and no other.
var officer, campaigns, operator, mirror key

// letPeopleIn makes the users and gives each the policy that an output names.
func letPeopleIn(t *testing.T) {
	for output, who := range map[string]*key{"OfficerPolicyArn": &officer, "CallerPolicyArn": &campaigns, "TransferPolicyArn": &operator, "FeedPolicyArn": &mirror} {
		name := url.Values{"UserName": {output}}
		must(t, aws.query("iam", "CreateUser", name, nil))
		must(t, aws.query("iam", "AttachUserPolicy", url.Values{"UserName": {output}, "PolicyArn": {aws.outputs[output]}}, nil))
		var made struct {
			ID     string `xml:"CreateAccessKeyResult>AccessKey>AccessKeyId"`
			Secret string `xml:"CreateAccessKeyResult>AccessKey>SecretAccessKey"`
		}
		must(t, aws.query("iam", "CreateAccessKey", name, &made))
		*who = key{made.ID, made.Secret}
	}
}

var visits = map[string]visit{
	"the home page":                      {method: "GET", path: "/", says: "<html"},
	"the style sheet":                    {method: "GET", path: "/style.css", says: "{"},
	"the form":                           {method: "GET", path: "/unsubscribe", says: `name="email"`},
	"the form, HEAD":                     {method: "HEAD", path: "/unsubscribe"},
	"nothing there":                      {method: "GET", path: "/nowhere", status: 404, says: "<html"},
	"the public keys":                    {method: "GET", path: "/.well-known/privacy-desk-keys.json", says: `"kid"`},
	"a form, urlencoded":                 {path: "/unsubscribe", kind: form, body: "email=urlencoded%40example.com", ends: "urlencoded@example.com email=out"},
	"a form with a closing slash":        {path: "/unsubscribe/", kind: form, body: "email=slash%40example.com", ends: "slash@example.com email=out"},
	"a form in Latin-1":                  {path: "/unsubscribe", kind: form + "; charset=iso-8859-1", body: "name=J%FCrgen&email=latin1%40example.com", ends: "latin1@example.com email=out Jürgen"},
	"a form in raw Latin-1":              {path: "/unsubscribe", kind: form + "; charset=iso-8859-1", body: "name=Zo\xeb&email=raw%40example.com", ends: "raw@example.com email=out Zoë"},
	"a form, multipart":                  {path: "/unsubscribe", kind: multipart, body: part("email", "multipart@example.com"), ends: "multipart@example.com email=out"},
	"a form in JSON":                     {path: "/unsubscribe", kind: asJSON, body: `{"email":"json@example.com"}`, says: `"status":"received"`, ends: "json@example.com email=out"},
	"a form without an address":          {path: "/unsubscribe", kind: asJSON, body: `{"email":"nobody"}`, status: 422, says: `"errors"`},
	"a page of a link":                   {method: "GET", path: "{link}", link: "page@example.com", says: `name="view"`, ends: "page@example.com "},
	"a damaged link":                     {method: "GET", path: "/u/damaged", status: 400, says: "<html"},
	"one-click":                          {path: "{link}", link: "click@example.com", kind: form, body: oneClick, ends: "click@example.com email=out"},
	"one-click, multipart":               {path: "{link}", link: "parts@example.com", kind: multipart, body: part("List-Unsubscribe", "One-Click"), ends: "parts@example.com email=out"},
	"one-click, empty":                   {path: "{link}", link: "empty@example.com", ends: "empty@example.com email=out"},
	"links without a signature":          {path: "/links", kind: asJSON, body: `{}`, status: 403},
	"links for the officer":              {who: &officer, path: "/links", kind: asJSON, body: `{}`, status: 403},
	"a check by the campaigns":           {who: &campaigns, path: "/suppressions/check", kind: asJSON, body: `{"addresses":["in@example.com"],"channel":"email"}`, says: `"suppressed":false`},
	"the desk for the campaigns":         {who: &campaigns, method: "GET", path: "/api/requests", status: 403},
	"the desk without a signature":       {method: "GET", path: "/api/anything", status: 403},
	"the desk for the officer":           {who: &officer, method: "GET", path: "/api/requests", says: `"requests"`},
	"what is not there, for the officer": {who: &officer, method: "GET", path: "/api/anything", status: 404},
	"the list for the operator":          {who: &operator, method: "GET", path: "/suppressions", says: `"`},
	"the list for the campaigns":         {who: &campaigns, method: "GET", path: "/suppressions", status: 403},
	"the feed for a mirror":              {who: &mirror, method: "GET", path: "/api/suppressions", says: `"changes"`},
	"the feed for the officer":           {who: &officer, method: "GET", path: "/api/suppressions", status: 403},
	"the feed for the campaigns":         {who: &campaigns, method: "GET", path: "/api/suppressions", status: 403},
	"the desk for a mirror":              {who: &mirror, method: "GET", path: "/api/requests", status: 403},
	"an import":                          {who: &operator, path: "/suppressions/import", kind: asJSON, body: `{"source":"old system","rows":[{"address":"import@example.com","at":"2019-02-28T08:00:00Z"}]}`, ends: "import@example.com email=out"},
	"an import by the officer":           {who: &officer, path: "/suppressions/import", kind: asJSON, body: `{}`, status: 403},
}

// Every way in answers, its row is there at once, and its stream has SES told.
func visitAll(t *testing.T) {
	for name, v := range visits {
		t.Run(name, func(t *testing.T) {
			if v.link != "" {
				v.path = strings.Replace(v.path, "{link}", aws.linkOf(t, v.link), 1)
			}
			aws.ask(t, v)
			address, want, _ := strings.Cut(v.ends, " ")
			if got := aws.states(t, address); v.ends != "" && got != want {
				t.Errorf("the rows of %s: %q, want %q", address, got, want)
			}
		})
	}
	if t.Failed() {
		return // SES would be waited for in vain
	}
	for name, v := range visits {
		address, state, _ := strings.Cut(v.ends, " ")
		if state != "" {
			wait(t, name+": its stream has SES list "+address, func() bool { return aws.listed(t)[address] == "COMPLAINT" })
		}
	}
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)

// A person asks, confirms by the link in the mail, and is answered.
func askRights(t *testing.T) {
	const address = "rights@example.com"
	got := aws.ask(t, visit{path: "/requests", kind: asJSON, body: `{"kind":["access"],"email":"` + address + `","name":"Marvin","country":"DE"}`, says: `"reference"`})
	if t.Failed() {
		return // no mail will come
	}
	var asked struct{ Reference string }
	must(t, json.Unmarshal([]byte(got.body), &asked))
	link := aws.mailed(t, address, "/requests/confirm/")
	page := aws.ask(t, visit{method: "GET", path: link, says: `<form class="act"`}).body
	_, page, _ = strings.Cut(page, `<form class="act"`)
	page, _, _ = strings.Cut(page, "</form>")
	fields := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(page, -1) {
		fields.Add(m[1], html.UnescapeString(m[2]))
	}
	aws.ask(t, visit{path: link, kind: form, body: fields.Encode(), says: asked.Reference})
	aws.ask(t, visit{who: &officer, method: "GET", path: "/api/requests/" + asked.Reference, says: `"state":"open"`})
	aws.ask(t, visit{who: &officer, path: "/api/requests/" + asked.Reference + "/decide", kind: asJSON, body: `{"officer":"dpo","outcome":"fulfilled"}`, says: `"state":"fulfilled"`})
	export := aws.mailed(t, address, "/requests/export/")
	aws.ask(t, visit{path: export, kind: form, body: "format=json", says: asked.Reference})
}

// mailed waits for a mail with a link that begins so, and gives the link's path.
func (c *cloud) mailed(t *testing.T, to, begins string) (link string) {
	t.Helper()
	wait(t, "a mail to "+to+" with a link to "+begins, func() bool {
		var mails []struct{ Text string }
		c.standIn(t, http.MethodGet, "/mailbox.json?to="+url.QueryEscape(to), nil, &mails)
		for _, m := range mails {
			if found := regexp.MustCompile(publicURL + `(` + begins + `[\w-]+)`).FindStringSubmatch(m.Text); found != nil {
				link = found[1]
			}
		}
		return link != ""
	})
	return link
}

// patience is more than a minute, in which every schedule of a minute must have come.
const patience = 90 * time.Second

func wait(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for began := time.Now(); !holds(); time.Sleep(200 * time.Millisecond) {
		if time.Since(began) > patience {
			t.Fatalf("not within %v: %s", patience, what)
		}
	}
}
