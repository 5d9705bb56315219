package rules

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// api answers as AWS does: with what it got where the signature is right by
// the SDK's signer, with "refused" elsewhere.
func api(tb testing.TB, keys aws.Credentials, region string) *httptest.Server {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got := r.Header.Get("Authorization")
		signed := regexp.MustCompile(`SignedHeaders=([^,]+)`).FindStringSubmatch(got)
		at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
		if signed == nil || err != nil {
			fmt.Fprintln(w, "refused: not signed")
			return
		}
		again := &http.Request{Method: r.Method, URL: r.URL, Host: r.Host, Header: http.Header{}}
		for name := range strings.SplitSeq(signed[1], ";") {
			if name != "host" {
				again.Header.Set(name, r.Header.Get(name))
			}
		}
		again.URL.Host, again.URL.Scheme = r.Host, "http"
		sum := sha256.Sum256(body)
		if err := v4.NewSigner().SignHTTP(context.Background(), keys, again, hex.EncodeToString(sum[:]), "execute-api", region, at); err != nil {
			tb.Error(err)
		}
		if again.Header.Get("Authorization") != got || keys.SessionToken != r.Header.Get("X-Amz-Security-Token") {
			fmt.Fprintln(w, "refused: ", got)
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
	for _, tool := range []string{"bash", "curl", "awk", "od"} {
		if _, err := exec.LookPath(tool); err != nil {
			tb.Skip(err)
		}
	}
	const cli = `#!/bin/sh
case "$*" in
"configure get region") [ "$PROFILES_REGION" ] && echo "$PROFILES_REGION" ;;
"configure export-credentials --format env") echo "$KEYS" ;;
*describe-stacks*ApiUrl*) echo "$API" ;;
*) echo "no such call: $*" >&2; exit 1 ;;
esac
`
	dir := tb.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "aws"), []byte(cli), 0o700); err != nil {
		tb.Fatal(err)
	}
	c := exec.Command("bash", "-c", read(tb, root+"/infra/runbooks/tools.sh")+"\n"+commands)
	c.Dir = root
	c.Env = append([]string{"PATH=" + dir + ":" + os.Getenv("PATH"), "HOME=" + dir, "no_proxy=127.0.0.1"}, env...)
	out, err := c.CombinedOutput()
	if err != nil {
		return fmt.Sprintf("%s(%v)", out, err)
	}
	return string(bytes.TrimSpace(out))
}

// What an officer types is signed as AWS signs it, whatever is in the query.
func TestDeskSignsRight(t *testing.T) {
	roles := aws.Credentials{AccessKeyID: "ASIAEXAMPLE", SecretAccessKey: "secret/+x", SessionToken: "session/+=="}
	users := aws.Credentials{AccessKeyID: "AKIAEXAMPLE", SecretAccessKey: "secret/+x"}
	for name, c := range map[string]struct {
		keys            aws.Credentials
		typed, want     string
		profile, chosen string // Regions
	}{
		"no query":            {roles, `desk /desk/requests`, "GET /desk/requests", "eu-central-1", ""},
		"a user's keys":       {users, `desk /desk/requests`, "GET /desk/requests", "eu-central-1", ""},
		"a colon":             {roles, `desk '/desk/requests?by=2026-12-31T00:00:00Z'`, "GET /desk/requests by=2026-12-31T00%3A00%3A00Z", "eu-central-1", ""},
		"encoded already":     {roles, `desk '/desk/requests?by=2026-12-31T00%3a00%3A00Z'`, "GET /desk/requests by=2026-12-31T00%3A00%3A00Z", "eu-central-1", ""},
		"an offset":           {roles, `desk '/desk/requests?by=2026-12-31T00:00:00+01:00'`, "GET /desk/requests by=2026-12-31T00%3A00%3A00%2B01%3A00", "eu-central-1", ""},
		"several, unsorted":   {roles, `desk '/desk/requests?by=2026-12-31T00:00:00Z&after=x'`, "GET /desk/requests after=x&by=2026-12-31T00%3A00%3A00Z", "eu-central-1", ""},
		"a name begins one":   {roles, `desk '/x?a-b=1&a=2&ab=3&A=4'`, "GET /x A=4&a=2&a-b=1&ab=3", "eu-central-1", ""},
		"one name twice":      {roles, `desk '/x?a=2&a=1&a='`, "GET /x a=&a=1&a=2", "eu-central-1", ""},
		"an equals sign":      {roles, `desk '/x?after=a=b=='`, "GET /x after=a%3Db%3D%3D", "eu-central-1", ""},
		"a space":             {roles, `desk '/x?a=b c'`, "GET /x a=b+c", "eu-central-1", ""},
		"not ASCII":           {roles, `desk '/x?ä=ß€😀'`, "GET /x %C3%A4=%C3%9F%E2%82%AC%F0%9F%98%80", "eu-central-1", ""},
		"signs of all kinds":  {roles, `desk '/x?a=!$()*,/:;?@[]{}|\^"~_.-#%zz%2'`, "GET /x a=%21%24%28%29%2A%2C%2F%3A%3B%3F%40%5B%5D%7B%7D%7C%5C%5E%22~_.-%23%25zz%252", "eu-central-1", ""},
		"encoded separators":  {roles, `desk '/x?a=1%262%3d3'`, "GET /x a=1%262%3D3", "eu-central-1", ""},
		"a name alone":        {roles, `desk '/x?b&a'`, "GET /x a=&b=", "eu-central-1", ""},
		"nothing behind ?":    {roles, `desk '/x?'`, "GET /x", "eu-central-1", ""},
		"a body":              {roles, `desk /desk/requests -d '{"note":"ä b"}'`, `POST /desk/requests  {"note":"ä b"}`, "eu-central-1", ""},
		"query and body":      {roles, `desk '/x?b=:&a=1' -X PUT -d '{}'`, `PUT /x a=1&b=%3A {}`, "eu-central-1", ""},
		"Region of the shell": {roles, `desk '/x?a=:'`, "GET /x a=%3A", "us-east-1", "eu-central-1"},
		"another Region":      {roles, `desk '/x?a=:'`, "refused", "us-east-1", ""},
		"no Region":           {roles, `desk '/x?a=:'`, "desk: in which Region is the stack? Set AWS_REGION", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			url := api(t, c.keys, "eu-central-1").URL
			keys := "export AWS_ACCESS_KEY_ID=" + c.keys.AccessKeyID + "\nexport AWS_SECRET_ACCESS_KEY=" + c.keys.SecretAccessKey
			if c.keys.SessionToken != "" {
				keys += "\nexport AWS_SESSION_TOKEN=" + c.keys.SessionToken
			}
			env := []string{"STACK=privacy-desk", "KEYS=" + keys, "PROFILES_REGION=" + c.profile}
			if c.chosen != "" {
				env = append(env, "AWS_REGION="+c.chosen)
			}
			for _, where := range []string{"API=" + url, "DESK=" + url} { // the stack's output, or what the officer sets
				got := shell(t, append(env, where), c.typed)
				if fails := !strings.Contains(c.want, "/"); got != c.want && !(fails && strings.HasPrefix(got, c.want)) {
					t.Errorf("%q, want %q", got, c.want)
				}
			}
		})
	}
}

// The stack on this machine is called in the same words.
func TestDeskSignsForTheLocalStack(t *testing.T) {
	server := api(t, aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, "us-east-1")
	port := server.URL[strings.LastIndex(server.URL, ":")+1:]
	env := []string{"STACK=local", "PORT=" + port, "AWS_SESSION_TOKEN=someone-elses", "AWS_REGION=eu-central-1"}
	if got := shell(t, env, `desk '/desk/requests?by=2026-12-31T00:00:00Z&after=x'`); got != "GET /desk/requests after=x&by=2026-12-31T00%3A00%3A00Z" {
		t.Error(got)
	}
}
