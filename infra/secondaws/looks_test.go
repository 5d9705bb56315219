//go:build secondaws

package secondaws

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

type row map[string]map[string]any

func (r row) text(name string) string {
	s, _ := r[name]["S"].(string)
	return s
}

// rows reads a whole table.
func (c *cloud) rows(t *testing.T, table string) []row {
	t.Helper()
	var page struct {
		Items            []row
		LastEvaluatedKey any
	}
	c.target(t, "dynamodb", "DynamoDB_20120810.Scan", "1.0", map[string]any{"TableName": c.resources[table], "ConsistentRead": true}, &page)
	if page.LastEvaluatedKey != nil {
		t.Fatalf("%s has grown over a page", table)
	}
	return page.Items
}

// states sums up a person's opt-outs and the names with them.
func (c *cloud) states(t *testing.T, address string) string {
	t.Helper()
	var out []string
	for _, r := range c.rows(t, "OptOutsTable") {
		if r.text("address") == address && !strings.HasPrefix(r.text("scope"), "#") {
			out = append(out, strings.TrimSpace(r.text("scope")+"="+r.text("state")+" "+r.text("name")))
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// listed is SES's suppression list: address and reason.
func (c *cloud) listed(t *testing.T) map[string]string {
	t.Helper()
	var page struct {
		SuppressedDestinationSummaries []struct{ EmailAddress, Reason string }
	}
	c.standIn(t, http.MethodGet, "/v2/email/suppression/addresses?PageSize=1000", nil, &page)
	out := map[string]string{}
	for _, entry := range page.SuppressedDestinationSummaries {
		out[entry.EmailAddress] = entry.Reason
	}
	return out
}

// kept counts the rows of each table by their keys.
func (c *cloud) kept(t *testing.T) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, table := range []string{"OptOutsTable", "RequestsTable"} {
		for _, r := range c.rows(t, table) {
			if !strings.HasPrefix(r.text("ref")+r.text("id"), "#") {
				out[strings.Join([]string{table, r.text("ref"), r.text("scope"), r.text("id"), r.text("row")}, " ")]++
			}
		}
	}
	return out
}

// secrets is a digest of both secrets.
func (c *cloud) secrets(t *testing.T) string {
	t.Helper()
	sum := sha256.New()
	for _, name := range []string{"ReferenceKeySecret", "LinkKeysSecret"} {
		var got struct{ SecretString string }
		c.target(t, "secretsmanager", "secretsmanager.GetSecretValue", "1.1", map[string]string{"SecretId": c.resources[name]}, &got)
		_, _ = fmt.Fprintln(sum, got.SecretString)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

func (c *cloud) environment(t *testing.T, function string) map[string]string {
	t.Helper()
	var got struct {
		Environment struct{ Variables map[string]string }
	}
	c.rest(t, "lambda", http.MethodGet, "/2015-03-31/functions/"+c.resources[function]+"/configuration", nil, &got)
	return got.Environment.Variables
}

// left lists what is there of the kinds that the stack has most of.
func (c *cloud) left(t *testing.T) (names []string) {
	t.Helper()
	for target, version := range map[string]string{"DynamoDB_20120810.ListTables": "1.0", "secretsmanager.ListSecrets": "1.1", "AmazonSQS.ListQueues": "1.0", "Logs_20140328.DescribeLogGroups": "1.1"} {
		var got map[string]any
		service, _, _ := strings.Cut(strings.TrimPrefix(strings.ToLower(target), "amazon"), ".")
		service, _, _ = strings.Cut(service, "_")
		c.target(t, service, target, version, map[string]any{}, &got)
		names = append(names, namesIn(got)...)
	}
	var pools map[string]any
	c.target(t, "cognito-idp", "AWSCognitoIdentityProviderService.ListUserPools", "1.1", map[string]any{"MaxResults": 60}, &pools)
	names = append(names, namesIn(pools)...)
	for _, path := range []string{"functions", "event-source-mappings"} {
		var got map[string]any
		c.rest(t, "lambda", http.MethodGet, "/2015-03-31/"+path, nil, &got)
		names = append(names, namesIn(got)...)
	}
	return names
}

// namesIn gives the names of what an answer lists.
func namesIn(answer map[string]any) (names []string) {
	for _, list := range answer {
		many, _ := list.([]any)
		for _, one := range many {
			fields, _ := one.(map[string]any)
			named := cmp.Or[any](fields["Id"], fields["Name"], fields["FunctionName"], fields["UUID"], fields["logGroupName"], one)
			names = append(names, fmt.Sprint(named))
		}
	}
	return names
}

// event reads an event file.
func event(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(aws.root, "events", name+".json"))
	must(t, err)
	return text
}
