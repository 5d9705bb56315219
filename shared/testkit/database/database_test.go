package database

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/testkit/template"
)

func startOrSkip(t *testing.T, data string) *Server {
	t.Helper()
	s, err := Start(t.Context(), Config{NPM: "npm", Data: data, Say: func(text string) { t.Log(text) }})
	if errors.Is(err, ErrMissing) && os.Getenv("CI") != "true" {
		t.Skipf("SKIPPED, NOT TESTED: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	return s
}

// A server that has the port must not be mistaken for DynamoDB Local: a stack
// would work on another stack's tables.
func TestAnotherServerOnThePort(t *testing.T) {
	startOrSkip(t, "").Stop()
	other := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(other.Close)
	taken := other.Listener.Addr().(*net.TCPAddr).Port
	if s, err := Start(t.Context(), Config{NPM: "npm", Port: taken}); !errors.Is(err, errPortTaken) {
		t.Errorf("started %v, %v", s, err)
	}
	free := freePort
	t.Cleanup(func() { freePort = free })
	ports := []int{taken}
	freePort = func() (int, error) {
		if len(ports) == 0 {
			return free()
		}
		port := ports[0]
		ports = nil
		return port, nil
	}
	s := startOrSkip(t, "")
	if _, err := Client(s.Endpoint).ListTables(t.Context(), &dynamodb.ListTablesInput{}); err != nil || len(ports) > 0 {
		t.Errorf("%v at %s, the taken port is %d", err, s.Endpoint, taken)
	}
}

// Two DynamoDB Locals on one port: the second must notice that the first answers.
func TestAnotherDynamoDBOnThePort(t *testing.T) {
	first := startOrSkip(t, "")
	address, err := url.Parse(first.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	port, _ := strconv.Atoi(address.Port())
	if s, err := Start(t.Context(), Config{NPM: "npm", Port: port}); !errors.Is(err, errPortTaken) {
		t.Errorf("started %v, %v", s, err)
	}
}

func things() template.Table {
	return template.Table{Name: "Things", TTL: "expires_at",
		Attributes: []template.Attribute{{Name: "ref", Type: "S"}, {Name: "scope", Type: "S"}},
		Key:        template.Key{Hash: "ref", Range: "scope"}}
}

func TestTablesSurviveARestartAndGrow(t *testing.T) {
	data := t.TempDir()
	s := startOrSkip(t, data)
	table := things()
	if err := CreateTables(t.Context(), Client(s.Endpoint), []template.Table{table}, "x-"); err != nil {
		t.Fatal(err)
	}
	put(t, s, "x-Things")
	s.Stop()

	s = startOrSkip(t, data)
	client := Client(s.Endpoint)
	table.Attributes = append(table.Attributes, template.Attribute{Name: "pending", Type: "S"})
	table.Indexes = []template.Index{{Name: "Pending", Key: template.Key{Hash: "pending"}, Projection: "ALL"}}
	table.Stream = "NEW_AND_OLD_IMAGES"
	for range 2 { // the second time there is nothing to do
		if err := CreateTables(t.Context(), client, []template.Table{table}, "x-"); err != nil {
			t.Fatal(err)
		}
	}
	name := "x-Things"
	got, err := client.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &name})
	if err != nil {
		t.Fatal(err)
	}
	if *got.Table.ItemCount != 1 || len(got.Table.GlobalSecondaryIndexes) != 1 || got.Table.LatestStreamArn == nil {
		t.Errorf("got %d rows, %d indexes, stream %v", *got.Table.ItemCount, len(got.Table.GlobalSecondaryIndexes), got.Table.LatestStreamArn)
	}
	ttl, err := client.DescribeTimeToLive(t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: &name})
	if err != nil || ttl.TimeToLiveDescription.TimeToLiveStatus != types.TimeToLiveStatusDisabled {
		t.Errorf("rows are deleted by the machine's time: TTL %+v, %v", ttl, err)
	}
	table.Key.Range = ""
	err = CreateTables(t.Context(), client, []template.Table{table}, "x-")
	if err == nil || !strings.Contains(err.Error(), "make clean") {
		t.Errorf("got %v", err)
	}
}

// A data folder of an earlier version gets indexes that the template has gained,
// filled with the rows that are there; one whose projection has changed is made anew.
func TestIndexesGrow(t *testing.T) {
	s := startOrSkip(t, "")
	client, table := Client(s.Endpoint), things()
	name := "y-Things"
	create := func() {
		t.Helper()
		if err := CreateTables(t.Context(), client, []template.Table{table}, "y-"); err != nil {
			t.Fatal(err)
		}
	}
	create()
	row := map[string]types.AttributeValue{}
	for attribute, value := range map[string]string{"ref": "a", "scope": "b", "disposal": "class", "disposal_at": "2026", "pending": "ses", "version": "3"} {
		row[attribute] = &types.AttributeValueMemberS{Value: value}
	}
	if _, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &name, Item: row}); err != nil {
		t.Fatal(err)
	}
	table.Attributes = append(table.Attributes, template.Attribute{Name: "pending", Type: "S"},
		template.Attribute{Name: "disposal", Type: "S"}, template.Attribute{Name: "disposal_at", Type: "S"})
	table.Indexes = []template.Index{
		{Name: "Pending", Key: template.Key{Hash: "pending"}, Projection: "KEYS_ONLY"},
		{Name: "Disposal", Key: template.Key{Hash: "disposal", Range: "disposal_at"}, Projection: "INCLUDE", Include: []string{"version"}},
	}
	create()
	if got := indexed(t, client, name); len(got) != 5 || got["version"] == nil || got["pending"] != nil {
		t.Errorf("the index has %v", got)
	}
	table.Indexes[1].Include = []string{"version", "pending"}
	create()
	if got := indexed(t, client, name); len(got) != 6 {
		t.Errorf("the changed index has %v", got)
	}
}

// indexed is what the index Disposal holds of the only row.
func indexed(t *testing.T, client *dynamodb.Client, table string) map[string]types.AttributeValue {
	t.Helper()
	index := "Disposal"
	got, err := client.Scan(t.Context(), &dynamodb.ScanInput{TableName: &table, IndexName: &index})
	if err != nil || len(got.Items) != 1 {
		t.Fatalf("%v, %v", got, err)
	}
	return got.Items[0]
}

func put(t *testing.T, s *Server, table string) {
	t.Helper()
	_, err := Client(s.Endpoint).PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: map[string]types.AttributeValue{
		"ref": &types.AttributeValueMemberS{Value: "a"}, "scope": &types.AttributeValueMemberS{Value: "b"}}})
	if err != nil {
		t.Fatal(err)
	}
}

func TestMissingToolsAreSaidWithTheRemedy(t *testing.T) {
	cases := map[string]struct {
		java string // a script in place of java; empty for none
		want []string
	}{
		"no java":      {"", []string{"java is missing here", "install it", "DYNAMODB_ENDPOINT"}},
		"an old java":  {`echo 'openjdk version "11.0.2" 2019' >&2`, []string{"version 11", "17 or newer", "DYNAMODB_ENDPOINT"}},
		"no real java": {`echo 'No Java runtime present' >&2; exit 1`, []string{"a working java is missing here", "No Java runtime present"}},
		"no npm":       {`echo 'openjdk version "21" 2023' >&2`, []string{"npm is missing here", "install Node.js", "DYNAMODB_ENDPOINT"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			bin := t.TempDir()
			if c.java != "" {
				if err := os.WriteFile(filepath.Join(bin, "java"), []byte("#!/bin/sh\n"+c.java+"\n"), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			fresh := t.TempDir()
			if err := os.WriteFile(filepath.Join(fresh, "package-lock.json"), []byte("{}"), 0o600); err != nil {
				t.Fatal(err)
			}
			t.Setenv("PATH", bin)
			t.Setenv("JAVA_HOME", "")
			_, err := Start(t.Context(), Config{NPM: fresh})
			if !errors.Is(err, ErrMissing) {
				t.Fatalf("got %v", err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in: %v", want, err)
				}
			}
		})
	}
}

func TestTail(t *testing.T) {
	long := &tail{}
	_, _ = long.Write([]byte(strings.Repeat("x", 5000) + "end"))
	if got := long.String(); len(got) != 4096 || !strings.HasSuffix(got, "end") {
		t.Errorf("%d bytes", len(got))
	}
}
