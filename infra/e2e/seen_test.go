package e2e

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/testkit/database"
)

// row is a row of a table, its values as text.
type row map[string]string

// rows reads a whole table.
func (d *desk) rows(tb testing.TB, table string) []row {
	tb.Helper()
	return scan(tb, database.Client(d.DynamoDB), d.prefix+table)
}

func scan(tb testing.TB, db *dynamodb.Client, table string) []row {
	tb.Helper()
	var out []row
	pages := dynamodb.NewScanPaginator(db, &dynamodb.ScanInput{TableName: &table})
	for pages.HasMorePages() {
		page, err := pages.NextPage(tb.Context())
		if err != nil {
			tb.Fatal(err)
		}
		for _, item := range page.Items {
			one := row{}
			for name, value := range item {
				one[name] = text(value)
			}
			out = append(out, one)
		}
	}
	slices.SortFunc(out, func(a, b row) int {
		return cmp.Or(cmp.Compare(a["ref"], b["ref"]), cmp.Compare(a["scope"], b["scope"]), cmp.Compare(a["key"], b["key"]))
	})
	return out
}

func text(value types.AttributeValue) string {
	switch v := value.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		return v.Value
	}
	out, _ := json.Marshal(value)
	return string(out)
}

// of gives a person's opt-outs by scope. The person's rows are found by the
// address in them, so that the tests need no key.
func (d *desk) of(tb testing.TB, address string) map[string]row {
	tb.Helper()
	out := map[string]row{}
	for _, r := range d.rows(tb, "OptOutsTable") {
		if strings.EqualFold(r["address"], address) {
			out[r["scope"]] = r
		}
	}
	return out
}

// states sums a person's rows up: "email=out sms=out".
func (d *desk) states(tb testing.TB, address string) string {
	tb.Helper()
	of := d.of(tb, address)
	var out []string
	for _, scope := range slices.Sorted(maps.Keys(of)) {
		if !strings.HasPrefix(scope, "#") {
			out = append(out, scope+"="+of[scope]["state"])
		}
	}
	return strings.Join(out, " ")
}

// suppressed reads SES's list: address and reason.
func (d *desk) suppressed(tb testing.TB) map[string]string {
	tb.Helper()
	return suppressionList(tb, d.AWS)
}

func suppressionList(tb testing.TB, endpoint string) map[string]string {
	tb.Helper()
	out := map[string]string{}
	for next := ""; ; {
		got := do(tb, request(tb, http.MethodGet, endpoint+"/v2/email/suppression/addresses?PageSize=1000&NextToken="+url.QueryEscape(next), "", nil))
		var page struct {
			SuppressedDestinationSummaries []struct{ EmailAddress, Reason string }
			NextToken                      string
		}
		if err := json.Unmarshal([]byte(got.body), &page); err != nil || got.status != http.StatusOK {
			tb.Fatalf("the SES list: %d %s", got.status, got.body)
		}
		for _, entry := range page.SuppressedDestinationSummaries {
			out[entry.EmailAddress] = entry.Reason
		}
		if next = page.NextToken; next == "" {
			return out
		}
	}
}

// listed tells whether SES holds mail to the address back.
func (d *desk) listed(tb testing.TB, address string) bool {
	tb.Helper()
	return d.suppressed(tb)[address] == "COMPLAINT"
}

// mails gives the texts of the mails to an address, newest first.
func (d *desk) mails(tb testing.TB, to string) []string {
	tb.Helper()
	got := do(tb, request(tb, http.MethodGet, d.AWS+"/mailbox.json?to="+url.QueryEscape(to), "", nil))
	var mails []struct{ Text string }
	if err := json.Unmarshal([]byte(got.body), &mails); err != nil {
		tb.Fatalf("the mailbox: %d %s", got.status, got.body)
	}
	out := []string{}
	for _, m := range mails {
		out = append(out, m.Text)
	}
	return out
}

// mailed waits for a mail with a link, about something, and gives the link's path.
func (d *desk) mailed(tb testing.TB, to, path, about string) string {
	tb.Helper()
	link := ""
	wait(tb, "the mail with a link to "+path+"... is there", func() bool {
		for _, mail := range d.mails(tb, to) {
			if at := strings.Index(mail, d.URL+path); at >= 0 && strings.Contains(mail, about) {
				link = strings.TrimPrefix(strings.Fields(mail[at:])[0], d.URL)
			}
		}
		return link != ""
	})
	private.add(token(link))
	return link
}
