package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/infra/local/stack"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/database"
	"privacydesk/shared/testkit/standin"
)

// loss is a desk with people in every state, a copy of its tables, and what
// happened after the copy.
type loss struct {
	*desk
	db      *dynamodb.Client
	command string

	stays, topic, back, left, erased, late string // addresses
	open, answered, order                  string // requests
	letter                                 string // to whom the acknowledgement went after the copy
}

// A table is lost in part or whole, after people have left, come back, been
// erased and been answered since its copy. The copy is brought back as the
// runbook says.
func TestLostTablesComeBack(t *testing.T) {
	t.Parallel()
	for name, requests := range map[string]bool{"opt-outs, and some requests": false, "both tables": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := start(t, stack.Config{
				Data: t.TempDir(), Port: freePort(t), Memory: true, Parameters: map[string]string{"SesRequestsPerSecond": "50"},
				StandIn: func(c *standin.Config) { c.RequestsPerSecond = 1000 },
			})
			defer d.Close()
			_, command := compile(t, "infra/deploy/restore")
			l := &loss{desk: d, db: database.Client(d.DynamoDB), command: command}
			l.before(t)
			l.copies(t)
			l.since(t)
			l.lose(t, requests)
			for range 2 { // the second run finds nothing to do
				l.restore(t)
			}
			l.settle(t)
			l.check(t)
		})
	}
}

func (l *loss) leaves(t *testing.T, fields url.Values) string {
	t.Helper()
	address, _ := person(t)
	fields.Set("email", address)
	l.form(t, fields)
	return address
}

// confirmed opens a request for access and has it confirmed.
func (l *loss) confirmed(t *testing.T) (address, id string) {
	t.Helper()
	address, id, link := l.asks(t)
	l.accepted(t, l.confirm(t, link))
	return address, id
}

// before is all that the copy has.
func (l *loss) before(t *testing.T) {
	t.Helper()
	l.stays, l.topic = l.leaves(t, url.Values{}), l.leaves(t, url.Values{"topic": {"newsletter"}})
	l.back, l.left, l.erased = l.leaves(t, url.Values{}), l.leaves(t, url.Values{}), l.leaves(t, url.Values{})
	l.quiet(t)
	l.comeBack(t, l.left, l.preferences(t, l.left))
	l.letter, l.open = l.confirmed(t)
	_, l.answered = l.confirmed(t)
	l.order = l.entered(t, map[string]any{"address": l.erased, "kinds": []string{"erasure"}})
	l.quiet(t)
}

// copies keeps the tables as they are, but for a mail that has not gone yet.
func (l *loss) copies(t *testing.T) {
	t.Helper()
	for _, table := range []string{"OptOutsTable", "RequestsTable"} {
		if err := database.Copy(t.Context(), l.db, table, table+"-before"); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range l.rows(t, "RequestsTable-before") {
		if r["id"] == l.open && strings.HasSuffix(r["row"], "#acknowledge") {
			l.set(t, "RequestsTable-before", r, "SET #state = :p, pending = :k, pending_at = :at REMOVE sent_at, ses_message",
				map[string]string{":p": "pending", ":k": "mail#0", ":at": "2026-01-01T00:00:00.000Z"})
		}
	}
}

func (l *loss) set(t *testing.T, table string, r row, update string, values map[string]string) {
	t.Helper()
	in := &dynamodb.UpdateItemInput{
		TableName: &table, UpdateExpression: &update, ExpressionAttributeNames: map[string]string{"#state": "mail_state"},
		Key:                       map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: r["id"]}, "row": &types.AttributeValueMemberS{Value: r["row"]}},
		ExpressionAttributeValues: map[string]types.AttributeValue{},
	}
	for name, value := range values {
		in.ExpressionAttributeValues[name] = &types.AttributeValueMemberS{Value: value}
	}
	if _, err := l.db.UpdateItem(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}

// since is what happens after the copy.
func (l *loss) since(t *testing.T) {
	t.Helper()
	l.late = l.leaves(t, url.Values{})
	l.oneClick(t, l.link(t, l.left, ""))
	l.comeBack(t, l.back, l.preferences(t, l.back))
	l.officer(t, l.answered, "decide", map[string]any{"outcome": "fulfilled"})
	l.officer(t, l.order, "decide", map[string]any{"outcome": "fulfilled"})
	l.quiet(t)
	l.travel(t, "+10m")
	wait(t, "the order is carried out", func() bool { l.sweeps(t, "continue"); return l.request(t, l.order)["reduced_at"] != "" })
	l.quiet(t)
}

// lose deletes all opt-outs, and of the requests two, or all there is.
func (l *loss) lose(t *testing.T, all bool) {
	t.Helper()
	drop := func(table string, r row, hash, sort string) {
		key := map[string]types.AttributeValue{hash: &types.AttributeValueMemberS{Value: r[hash]}, sort: &types.AttributeValueMemberS{Value: r[sort]}}
		if _, err := l.db.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &table, Key: key}); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range l.rows(t, "OptOutsTable") {
		drop("OptOutsTable", r, "ref", "scope")
	}
	for _, r := range l.rows(t, "RequestsTable") {
		if all || r["id"] == l.open || r["id"] == l.answered {
			drop("RequestsTable", r, "id", "row")
		}
	}
}

var erasedLine = regexp.MustCompile(`"person erased".*"person":"([^"]+)".*"at":"([^"]+)"`)

// restore runs the command, with those whom the log says to have been erased.
func (l *loss) restore(t *testing.T) {
	t.Helper()
	var erased strings.Builder
	for _, m := range erasedLine.FindAllStringSubmatch(string(l.logs()["retention.log"]), -1) {
		fmt.Fprintln(&erased, m[1], m[2])
	}
	file := filepath.Join(t.TempDir(), "erased.txt")
	if err := os.WriteFile(file, []byte(erased.String()), 0o600); err != nil || erased.Len() == 0 {
		t.Fatal("the log names nobody who was erased", err)
	}
	at, _ := url.Parse(l.URL)
	run := exec.Command(l.command, "-port", at.Port(), "-optouts", "OptOutsTable-before", "-requests", "RequestsTable-before",
		"-at", time.Now().UTC().Format(time.RFC3339), "-erased", file)
	said, err := run.CombinedOutput()
	if err == nil != !strings.Contains(string(said), "refused:") {
		t.Errorf("%v", err)
	}
	t.Logf("%s", said)
	if strings.Contains(string(said), "is not known") || strings.Contains(string(said), "unknown") {
		t.Error("a row or attribute of ours has no rule in shared/domain/recovery")
	}
	for _, leak := range private.leaks(map[string][]byte{"make restore": said}) {
		t.Error(leak)
	}
}

// settle lets the functions run in the order of the runbook.
func (l *loss) settle(t *testing.T) {
	t.Helper()
	l.quiet(t)
	root, err := testkit.Root()
	if err != nil {
		t.Fatal(err)
	}
	walk, err := os.ReadFile(filepath.Join(root, "events/suppression/reconcile.json"))
	if err != nil {
		t.Fatal(err)
	}
	l.call(t, "suppression", walk)
	l.travel(t, "+30m")
	l.sweeps(t, "nightly")
	l.hour(t)
	l.runNotices(t)
	l.quiet(t)
}

// check is what must be true in the end.
func (l *loss) check(t *testing.T) {
	t.Helper()
	list := l.suppressed(t)
	for what, address := range map[string]string{
		"who was out": l.stays, "who left after the copy": l.late, "who had come back and left again": l.left,
		"who came back after the copy, which nobody can know": l.back, "who was erased": l.erased,
	} {
		body, _ := json.Marshal(map[string]any{"addresses": []string{address}, "channel": "email"})
		got := do(t, request(t, http.MethodPost, l.URL+"/suppressions/check", string(body), signed))
		if !strings.Contains(got.body, `"suppressed":true`) || list[address] == "" {
			t.Errorf("%s can be mailed: listed %q, %s", what, list[address], got.body)
		}
		if strings.Contains(got.body, "erased_at") != (address == l.erased) {
			t.Errorf("%s: %s", what, got.body)
		}
	}
	if got := l.of(t, l.topic)["email/newsletter"]; got["state"] != "out" {
		t.Errorf("the topic: %v", got)
	}
	for _, table := range []string{"OptOutsTable", "RequestsTable"} {
		for _, r := range l.rows(t, table) {
			if strings.EqualFold(r["address"], l.erased) || strings.Contains(r["entry"], l.erased) {
				t.Errorf("the erased person is back in %s: %s %s", table, r["scope"], r["row"])
			}
		}
	}
	l.lettersWentOnce(t)
	for _, id := range []string{l.open, l.answered} {
		l.verifies(t, id)
	}
}

// lettersWentOnce: the acknowledgement that the copy had waiting went before the loss.
func (l *loss) lettersWentOnce(t *testing.T) {
	t.Helper()
	got := 0
	for _, mail := range l.mails(t, l.letter) {
		if strings.Contains(mail, l.open) && !strings.Contains(mail, "/requests/confirm/") {
			got++
		}
	}
	if got != 1 || !strings.Contains(l.letters(t, l.open), "acknowledge unknown") {
		t.Errorf("%d acknowledgements; %s", got, l.letters(t, l.open))
	}
}

func (l *loss) verifies(t *testing.T, id string) {
	t.Helper()
	var entries []audit.Entry
	head := audit.Head{Subject: id}
	for _, r := range l.rows(t, "RequestsTable") {
		if r["id"] != id {
			continue
		}
		if r["row"] == "request" {
			_, _ = fmt.Sscan(r["head_seq"], &head.Seq)
			head.Hash = r["head_hash"]
		}
		if strings.HasPrefix(r["row"], "event#") {
			e, err := audit.DecodeEntry([]byte(r["entry"]))
			if err != nil {
				t.Fatal(err)
			}
			entries = append(entries, e)
		}
	}
	slices.SortFunc(entries, func(a, b audit.Entry) int { return a.Seq - b.Seq })
	if err := audit.Verify(entries, head); err != nil || len(entries) == 0 {
		t.Errorf("the history of %s: %v", id, err)
	}
}
