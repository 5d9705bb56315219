package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"privacydesk/infra/local/stack"
	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/domain/backfill"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/database"
	"privacydesk/shared/testkit/template"
)

// BenchmarkImport takes a list over through the stack: this command, the API,
// the function as it is deployed, and DynamoDB Local. In the same run it makes
// the same writes with nothing around them, half before and half after, on a
// DynamoDB Local of their own, since one streamed table slows down another.
// ROWS says of how many people.
//
//	ROWS=100000 go test -run '^$' -bench Import -benchtime 1x ./infra/lists
func BenchmarkImport(b *testing.B) {
	n := 10_000
	if rows, err := strconv.Atoi(os.Getenv("ROWS")); err == nil {
		n = rows
	}
	s := startStack(b)
	db, table := testkit.StreamedTable(b, "OptOutsTable")
	bare := engine{&optouts.Store{Table: dynamo.Table{DB: db, Name: table}}, testkit.Key(b)}
	var through, engine time.Duration
	for run := 0; b.Loop(); run++ {
		b.StopTimer()
		text := bigList(run, n)
		desk, err := newDesk(s.URL, time.Now)
		if err != nil {
			b.Fatal(err)
		}
		i := importer{options: options{asked: asked{file: "optouts.csv"}, folder: b.TempDir(), url: s.URL}, desk: desk, out: io.Discard}
		engine += bare.write(b, 2*run, n/2)
		b.StartTimer()
		began := time.Now()
		if err := i.run(b.Context(), text, time.Time{}); err != nil {
			b.Fatal(err)
		}
		through += time.Since(began)
		b.StopTimer()
		engine += bare.write(b, 2*run+1, n-n/2)
		if i.done.Counts[taken] != n {
			b.Fatalf("%v", i.done.Counts)
		}
		b.StartTimer()
	}
	rows := float64(n * b.N)
	b.ReportMetric(rows/through.Seconds(), "rows/s")
	b.ReportMetric(rows/engine.Seconds(), "engine-rows/s")
	b.ReportMetric(100*engine.Seconds()/through.Seconds(), "%of-engine")
	b.ReportMetric(0, "ns/op")
}

func bigList(run, n int) []byte {
	var text strings.Builder
	text.WriteString("email,unsubscribed at\n")
	for i := range n {
		fmt.Fprintf(&text, "p%d-%d@example.com,2024-05-06 07:08:09\n", run, i)
	}
	return []byte(text.String())
}

func startStack(b *testing.B) *stack.Stack {
	b.Helper()
	root, err := testkit.Root()
	if err != nil {
		b.Fatal(err)
	}
	t, err := template.LoadLocal(root, map[string]string{"PublicUrl": "http://127.0.0.1:3000"}, template.Options{})
	if err != nil {
		b.Fatal(err)
	}
	folder := b.TempDir()
	dist := filepath.Join(folder, "dist")
	if err := stack.Build(b.Context(), root, dist, t.Functions); err != nil {
		b.Fatal(err)
	}
	s, err := stack.Start(context.Background(), stack.Config{Root: root, Dist: dist, Data: filepath.Join(folder, "data"), Memory: true, Out: io.Discard})
	if errors.Is(err, database.ErrMissing) {
		b.Skipf("SKIPPED, NOT MEASURED: %v", err)
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.Close)
	return s
}

// engine makes an import's writes alone.
type engine struct {
	store *optouts.Store
	key   person.Key
}

// write makes n records, as many at the same time as an import does: as many
// transactions in each of as many calls.
func (e engine) write(b *testing.B, run, n int) time.Duration {
	b.Helper()
	at := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	batches := make(chan []optout.Change, n)
	for from := 0; from < n; from += backfill.MaxCreated {
		var some []optout.Change
		for i := from; i < min(n, from+backfill.MaxCreated); i++ {
			a, err := person.Parse(fmt.Sprintf("b%d-%d@example.com", run, i))
			if err != nil {
				b.Fatal(err)
			}
			some = append(some, optout.Change{
				Key: optout.Key{Ref: e.key.Ref(a), Scope: "email"}, To: optout.Out, Address: a, IfVersion: optout.Unrecorded,
				Evidence: optout.Evidence{Source: optout.FromImport, At: at, Campaign: "optouts.csv"},
				Observed: &optout.Observation{At: time.Now(), FirstAt: at}, Trace: optout.Trace{Import: "abcdefghijklmnopqrstuvwxyz"},
			})
		}
		batches <- some
	}
	close(batches)
	began, faults := time.Now(), make(chan error)
	for range engineWriters {
		go func() {
			for some := range batches {
				if err := e.store.Create(context.Background(), some); err != nil {
					faults <- err
					return
				}
			}
			faults <- nil
		}()
	}
	for range engineWriters {
		if err := <-faults; err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(began)
}

// engineWriters is what DynamoDB Local takes most with.
const engineWriters = 8
