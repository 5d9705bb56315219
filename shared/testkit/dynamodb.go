// Package testkit is what tests of several packages share: DynamoDB Local with
// a table of its own for each test, made from template.yaml.
//
// It is for tests alone; nothing that is deployed may import it.
package testkit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"privacydesk/shared/testkit/database"
	"privacydesk/shared/testkit/template"
)

// DynamoDBEndpoint gives the address of a DynamoDB Local that keeps its tables
// in memory: the one of DYNAMODB_ENDPOINT, or one that this test binary
// starts and shares among its tests. Where Java or npm is missing the test is
// skipped and says so; under CI=true it fails, for there they must be.
func DynamoDBEndpoint(tb testing.TB) string {
	tb.Helper()
	endpoint, err := shared()
	if err == nil {
		return endpoint
	}
	if errors.Is(err, database.ErrMissing) && os.Getenv("CI") != "true" {
		tb.Skipf("SKIPPED, NOT TESTED: %v", err)
	}
	tb.Fatalf("start DynamoDB Local: %v", err)
	return ""
}

// shared starts the instance once. It ends with the test binary.
var shared = sync.OnceValues(func() (string, error) {
	if endpoint := os.Getenv("DYNAMODB_ENDPOINT"); endpoint != "" {
		return endpoint, nil
	}
	root, err := Root()
	if err != nil {
		return "", err
	}
	server, err := database.Start(context.Background(), database.Config{NPM: database.Folder(root)})
	if err != nil {
		return "", err
	}
	return server.Endpoint, nil
})

// DynamoDB gives a client of DynamoDBEndpoint.
func DynamoDB(tb testing.TB) *dynamodb.Client {
	tb.Helper()
	return database.Client(DynamoDBEndpoint(tb))
}

// Table makes the template's table with that logical id under a name of this
// test's own, without its stream, and drops it when the test ends.
func Table(tb testing.TB, logicalID string) (*dynamodb.Client, string) {
	tb.Helper()
	return makeTable(tb, logicalID, false)
}

// StreamedTable is Table with the stream. Take it only where the test reads
// the stream: with many records behind it, one streamed table of an instance
// slows the streams of all others.
func StreamedTable(tb testing.TB, logicalID string) (*dynamodb.Client, string) {
	tb.Helper()
	return makeTable(tb, logicalID, true)
}

// made numbers the tables of this process; the process's start tells it from
// others that share a DYNAMODB_ENDPOINT.
var (
	made    atomic.Int64
	started = time.Now().UnixNano()
)

func makeTable(tb testing.TB, logicalID string, stream bool) (*dynamodb.Client, string) {
	tb.Helper()
	client := DynamoDB(tb)
	table, ok := Template(tb).Table(logicalID)
	if !ok {
		tb.Fatalf("template.yaml has no table %s", logicalID)
	}
	if !stream {
		table.Stream = ""
	}
	prefix := fmt.Sprintf("t%d-%d-", started, made.Add(1))
	if err := database.CreateTables(tb.Context(), client, []template.Table{table}, prefix); err != nil {
		tb.Fatal(err)
	}
	name := prefix + table.Name
	tb.Cleanup(func() {
		_, err := client.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: &name})
		if err != nil {
			tb.Logf("drop the table: %v", err)
		}
	})
	return client, name
}

// Template reads template.yaml as `make run` does, with the site at
// http://127.0.0.1:3000.
func Template(tb testing.TB) *template.Template {
	tb.Helper()
	root, err := Root()
	if err != nil {
		tb.Fatal(err)
	}
	t, err := template.LoadLocal(root, map[string]string{"PublicUrl": "http://127.0.0.1:3000"}, template.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// Root finds the repository's root, upwards from the folder of the test.
func Root() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; folder != filepath.Dir(folder); folder = filepath.Dir(folder) {
		if _, err := os.Stat(filepath.Join(folder, "template.yaml")); err == nil {
			return folder, nil
		}
	}
	return "", errors.New("no template.yaml above this folder")
}
