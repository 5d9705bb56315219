package rules

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"privacydesk/infra/local/sigv4"
)

// api answers as AWS does: with what it got where the signature is right, with
// "refused" elsewhere.
func api(tb testing.TB) *httptest.Server {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if _, err := sigv4.Verify(r, body, time.Now()); err != nil {
			fmt.Fprintln(w, "refused:", err)
			return
		}
		fmt.Fprintf(w, "%s %s %s %s\n", r.Method, r.URL.Path, r.URL.Query().Encode(), body)
	}))
	tb.Cleanup(server.Close)
	return server
}

// shell runs commands after those of tools.sh, with an AWS CLI that knows what it needs.
func shell(tb testing.TB, env []string, commands string) string {
	tb.Helper()
	return shellOf(tb, "bash", env, commands)
}

func shellOf(tb testing.TB, name string, env []string, commands string) string {
	tb.Helper()
	for _, tool := range []string{name, "curl", "awk", "od"} {
		if _, err := exec.LookPath(tool); err != nil {
			tb.Skip(err)
		}
	}
	const cli = `#!/bin/sh
case "$*" in
"configure get region") [ "$PROFILES_REGION" ] && echo "$PROFILES_REGION" ;;
"configure export-credentials --format env") [ "$KEYS" ] || { echo "the token has expired" >&2; exit 255; }; echo "$KEYS" ;;
*describe-stacks*ApiUrl*) [ "$API" ] || { echo "not authorized" >&2; exit 254; }; echo "$API" ;;
*) echo "no such call: $*" >&2; exit 1 ;;
esac
`
	dir := tb.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "aws"), []byte(cli), 0o700); err != nil {
		tb.Fatal(err)
	}
	c := exec.Command(name, "-c", read(tb, root+"/infra/runbooks/tools.sh")+"\n"+commands)
	c.Dir = root
	c.Env = append([]string{"PATH=" + dir + ":" + os.Getenv("PATH"), "HOME=" + dir, "no_proxy=127.0.0.1"}, env...)
	out, err := c.CombinedOutput()
	if err != nil {
		return fmt.Sprintf("%s(%v)", out, err) // what it said, and how it ended
	}
	return string(bytes.TrimSpace(out))
}

// What an officer types is signed as AWS signs it, whatever is in the query.
func TestDeskSignsRight(t *testing.T) {
	role, user := sigv4.Session("alice+x@example.com"), sigv4.User
	for name, c := range map[string]struct {
		keys            aws.Credentials
		typed, want     string
		profile, chosen string // Regions
	}{
		"no query":            {role, `desk /api/requests`, "GET /api/requests", "us-east-1", ""},
		"a user's keys":       {user, `desk /api/requests`, "GET /api/requests", "us-east-1", ""},
		"a colon":             {role, `desk '/api/requests?by=2026-12-31T00:00:00Z'`, "GET /api/requests by=2026-12-31T00%3A00%3A00Z", "us-east-1", ""},
		"encoded already":     {role, `desk '/api/requests?by=2026-12-31T00%3a00%3A00Z'`, "GET /api/requests by=2026-12-31T00%3A00%3A00Z", "us-east-1", ""},
		"an offset":           {role, `desk '/api/requests?by=2026-12-31T00:00:00+01:00'`, "GET /api/requests by=2026-12-31T00%3A00%3A00%2B01%3A00", "us-east-1", ""},
		"several, unsorted":   {role, `desk '/api/requests?by=2026-12-31T00:00:00Z&after=x'`, "GET /api/requests after=x&by=2026-12-31T00%3A00%3A00Z", "us-east-1", ""},
		"a name begins one":   {role, `desk '/x?a-b=1&a=2&ab=3&A=4'`, "GET /x A=4&a=2&a-b=1&ab=3", "us-east-1", ""},
		"one name twice":      {role, `desk '/x?a=2&a=1&a='`, "GET /x a=&a=1&a=2", "us-east-1", ""},
		"an equals sign":      {role, `desk '/x?after=a=b=='`, "GET /x after=a%3Db%3D%3D", "us-east-1", ""},
		"a space":             {role, `desk '/x?a=b c'`, "GET /x a=b+c", "us-east-1", ""},
		"not ASCII":           {role, `desk '/x?ä=ß€😀'`, "GET /x %C3%A4=%C3%9F%E2%82%AC%F0%9F%98%80", "us-east-1", ""},
		"signs of all kinds":  {role, `desk '/x?a=!$()*,/:;?@[]{}|\^"~_.-#%zz%2'`, "GET /x a=%21%24%28%29%2A%2C%2F%3A%3B%3F%40%5B%5D%7B%7D%7C%5C%5E%22~_.-%23%25zz%252", "us-east-1", ""},
		"encoded separators":  {role, `desk '/x?a=1%262%3d3'`, "GET /x a=1%262%3D3", "us-east-1", ""},
		"a name alone":        {role, `desk '/x?b&a'`, "GET /x a=&b=", "us-east-1", ""},
		"nothing behind ?":    {role, `desk '/x?'`, "GET /x", "us-east-1", ""},
		"a body":              {role, `desk /api/requests -d '{"note":"ä b"}'`, `POST /api/requests  {"note":"ä b"}`, "us-east-1", ""},
		"query and body":      {role, `desk '/x?b=:&a=1' -X PUT -d '{}'`, `PUT /x a=1&b=%3A {}`, "us-east-1", ""},
		"Region of the shell": {role, `desk '/x?a=:'`, "GET /x a=%3A", "eu-central-1", "us-east-1"},
		"another Region":      {role, `desk '/x?a=:'`, "refused: it is signed for execute-api in eu-central-1; it must be for execute-api in us-east-1", "eu-central-1", ""},
		"no Region":           {role, `desk '/x?a=:'`, "desk: in which Region is the stack? Set AWS_REGION\n(exit status 1)", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			url := api(t).URL
			keys := "export AWS_ACCESS_KEY_ID=" + c.keys.AccessKeyID + "\nexport AWS_SECRET_ACCESS_KEY=" + c.keys.SecretAccessKey
			if c.keys.SessionToken != "" {
				keys += "\nexport AWS_SESSION_TOKEN=" + c.keys.SessionToken
			}
			env := []string{"STACK=privacy-desk", "KEYS=" + keys, "PROFILES_REGION=" + c.profile}
			if c.chosen != "" {
				env = append(env, "AWS_REGION="+c.chosen)
			}
			for _, where := range []string{"API=" + url, "DESK=" + url + "/"} { // the stack's output, or what the officer sets
				if got := shell(t, append(env, where), c.typed); got != c.want {
					t.Errorf("%q, want %q", got, c.want)
				}
			}
		})
	}
}

// An officer's shell may be any of these. A name such as path or status is zsh's own.
func TestDeskRunsInEveryShell(t *testing.T) {
	for _, name := range []string{"bash", "dash", "zsh"} {
		t.Run(name, func(t *testing.T) {
			env := []string{"STACK=privacy-desk", "KEYS=export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local", "PROFILES_REGION=us-east-1", "API=" + api(t).URL}
			const typed, want = `desk '/api/requests?by=2026-12-31T00:00:00Z&after=a b' -d '{"note": "x"}'`, `POST /api/requests after=a+b&by=2026-12-31T00%3A00%3A00Z {"note": "x"}`
			if got := shellOf(t, name, env, typed); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

// What stops a call before it is made is said, and nothing is sent: an empty key or host would only be refused.
func TestDeskSaysWhatIsMissing(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("called: %s", r.URL) }))
	defer server.Close()
	const keys = "KEYS=export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local"
	for name, c := range map[string]struct {
		env         []string
		typed, want string
	}{
		"expired":          {[]string{"API=" + server.URL}, "desk /api/requests", "the token has expired\ndesk: there are no credentials, or they have expired; sign in again\n(exit status 1)"},
		"expired, DESK":    {[]string{"DESK=" + server.URL, "AWS_ACCESS_KEY_ID=old"}, "desk /api/requests", "the token has expired\ndesk: there are no credentials, or they have expired; sign in again\n(exit status 1)"},
		"no right to read": {[]string{keys}, "desk /api/requests", "not authorized\ndesk: privacy-desk gives no ApiUrl in us-east-1. Is it the right STACK and Region? Where you may not read the stack, set DESK to that output\n(exit status 1)"},
		"no slash":         {[]string{keys, "API=" + server.URL}, "desk api/requests", "desk: begin with a path, such as /api/requests\n(exit status 1)"},
		"nothing":          {[]string{keys, "API=" + server.URL}, "desk", "desk: begin with a path, such as /api/requests\n(exit status 1)"},
		"an option first":  {[]string{keys, "API=" + server.URL}, "desk -X POST /api/requests", "desk: begin with a path, such as /api/requests\n(exit status 1)"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := shell(t, append(c.env, "STACK=privacy-desk", "PROFILES_REGION=us-east-1"), c.typed); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// The stack on this machine is called in the same words.
func TestDeskSignsForTheLocalStack(t *testing.T) {
	server := api(t)
	port := server.URL[strings.LastIndex(server.URL, ":")+1:]
	env := []string{"STACK=local", "PORT=" + port, "AWS_SESSION_TOKEN=someone-elses", "AWS_REGION=eu-central-1"}
	if got := shell(t, env, `desk '/api/requests?by=2026-12-31T00:00:00Z&after=x'`); got != "GET /api/requests after=x&by=2026-12-31T00%3A00%3A00Z" {
		t.Error(got)
	}
}
