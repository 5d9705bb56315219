package iam

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"
)

// Judge asks the roles about every call, and tells what they say.
type Judge struct {
	Roles   *Roles
	Enforce bool          // a call that is denied is answered as AWS answers it, and goes no further
	Tell    func(Verdict) // gets every verdict, from many goroutines; must not block
	Prefix  string        // of the tables' names; verdicts are without it
}

// Verdict is what a role says of a call. Of the Context it has what a
// condition of the role asks for. A call that package iam cannot name has no
// Action.
type Verdict struct {
	Call
	Denied string // what is missing, in words; empty where the call is allowed
}

// String is one line for people.
func (v Verdict) String() string {
	if v.Action == "" {
		return v.Function + ": " + v.Denied
	}
	return fmt.Sprintf("%s may not %s on %s: %s", v.Function, v.Action, v.Resource, v.Denied)
}

// Ask judges what Lambda does for a function with the function's role. It
// tells whether to go on.
func (j *Judge) Ask(function, action, resource string) bool {
	return j.ask(Call{Function: function, Action: action, Resource: resource}).Denied == "" || !j.Enforce
}

func (j *Judge) ask(c Call) Verdict {
	v := Verdict{Call: c}
	v.Resource, v.Context = j.shown(c.Resource), j.Roles.relevant(c)
	if !j.Roles.Allows(c) {
		v.Denied = strings.ReplaceAll(strings.ReplaceAll(j.Roles.Why(c), c.Resource, v.Resource), ":table/"+j.Prefix, ":table/")
	}
	j.Tell(v)
	return v
}

// shown is a resource as people see it: without the tables' prefix, an object
// by its folder alone, and a stream without the time that it is named for.
func (j *Judge) shown(resource string) string {
	if table, _, ok := strings.Cut(resource, "/stream/"); ok {
		resource = table + "/stream/*"
	}
	if parts := strings.SplitN(resource, "/", 3); strings.HasPrefix(resource, "arn:aws:s3:") && len(parts) == 3 {
		return parts[0] + "/" + parts[1] + "/*"
	}
	return strings.Replace(resource, ":table/"+j.Prefix, ":table/", 1)
}

// relevant keeps of a call's context what the role's statements on it ask for.
func (r *Roles) relevant(c Call) map[string][]string {
	out := map[string][]string{}
	for _, s := range r.roles[c.Function].statements {
		for _, condition := range s.conditions {
			if values, ok := c.Context[condition.key]; ok && s.covers(c) {
				out[condition.key] = values
			}
		}
	}
	return out
}

// Before is a handler before a server at an address such as
// http://127.0.0.1:3001. Only functions may call it, and browsers what they have signed.
func (j *Judge) Before(server string) (http.Handler, error) {
	to, err := url.Parse(server)
	if err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy, transport.DisableCompression = nil, true
	transport.MaxIdleConnsPerHost, transport.IdleConnTimeout = 64, 5*time.Second
	return j.Handler(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host // it is part of what is signed
		},
		Transport: transport,
		ErrorLog:  slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
		// A call that gets no answer behind the judge gets none before it.
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}), nil
}

// Handler judges each request before it goes on.
func (j *Judge) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.URL.Path == "/" && r.Header.Get("Authorization") == "" {
			next.ServeHTTP(w, r) // it opens a connection and asks for nothing
			return
		}
		body, err := whole(r)
		if err != nil {
			panic(http.ErrAbortHandler) // the caller is gone
		}
		if denied := j.request(r, body); denied != "" && j.Enforce {
			serviceOf(r).refuse(w, denied)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// request judges all calls that a request makes, and gives AWS's message about
// the first that is denied.
func (j *Judge) request(r *http.Request, body []byte) (denied string) {
	function := signer(r, body)
	calls, err := serviceOf(r).calls(j.Roles, r, body)
	if err != nil {
		j.Tell(Verdict{Call{Function: function}, err.Error()})
		return err.Error()
	}
	for _, c := range calls {
		c.Function = function
		if v := j.ask(c); v.Denied != "" && denied == "" {
			denied = fmt.Sprintf("User: arn:aws:sts::%s:assumed-role/%s/%s is not authorized to perform: %s on resource: %s because no identity-based policy allows the %[4]s action",
				j.Roles.account, j.Roles.roles[function].name, function, c.Action, v.Resource)
		}
	}
	return denied
}

// whole reads the body and leaves it in the request.
func whole(r *http.Request) ([]byte, error) {
	var buffer bytes.Buffer
	buffer.Grow(int(max(0, min(r.ContentLength, 1<<20))) + bytes.MinRead)
	if _, err := buffer.ReadFrom(r.Body); err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(buffer.Bytes()))
	return buffer.Bytes(), nil
}

// signer is the access key that a request is signed with: in a header, or in what a
// function has signed for a browser. The local runtime gives each function its
// logical id for one.
func signer(r *http.Request, body []byte) string {
	_, credential, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	credential = cmp.Or(credential, r.URL.Query().Get("X-Amz-Credential"))
	if credential == "" && isForm(r) {
		credential = formFields(r, body)["x-amz-credential"]
	}
	key, _, _ := strings.Cut(credential, "/")
	return key
}
