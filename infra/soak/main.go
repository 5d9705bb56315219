// Command soak proves that no opt-out and no letter is lost. Random people leave, pause, come
// back, bounce, complain and are erased, lists are imported, two runs sync
// SES at once and a colleague damages SES's list, while everything that can
// fail does; then everything is drained, and the table, SES's list and
// what was confirmed to people must agree. After each such round people ask for their
// rights and are answered: every letter that was promised must be in the
// mailbox once, or known to the officer as unknown. Then erasures are granted and other systems told: each task must be
// done once, as the system did it, and no case may close before. One seed makes one course of events; what fails is played again by
// its seed.
//
// It drives the domain's services with their real adapters, on DynamoDB Local
// and the SES stand-in behind a proxy that makes the faults and a relay that
// forgets the connections of frozen functions (shared/testkit/faults). What it holds the outcome against is written anew
// here and must not use the code that it tries.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"privacydesk/shared/testkit"
	"privacydesk/shared/testkit/database"
	"privacydesk/shared/testkit/template"
)

func main() {
	seconds := flag.Int("seconds", 60, "how long to run")
	seed := flag.Uint64("seed", 0, "seed of the first round; 0: the clock")
	trace := flag.Bool("trace", false, "say everything that happens")
	flag.Parse()
	s, err := soak(context.Background(), *seed, time.Duration(*seconds)*time.Second, *trace)
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(2)
	}
	fmt.Println(s)
	if s.failed() {
		os.Exit(1)
	}
}

func soak(ctx context.Context, seed uint64, d time.Duration, trace bool) (sum, error) {
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	root, err := testkit.Root()
	if err != nil {
		return sum{}, err
	}
	t, err := template.LoadLocal(root, map[string]string{"PublicUrl": "http://127.0.0.1:3000"}, template.Options{})
	if err != nil {
		return sum{}, err
	}
	server, err := database.Start(ctx, database.Config{NPM: database.Folder(root)})
	if err != nil {
		return sum{}, err
	}
	defer server.Stop()
	fmt.Printf("seed %d, for %v\n", seed, d)
	r := run{endpoint: server.Endpoint, tables: t.Tables, seed: seed, now: time.Now, say: os.Stdout, keep: filepath.Join(root, ".local", "soak"), trace: trace}
	s, err := r.until(ctx, time.Now().Add(d))
	if err == nil {
		fmt.Printf("%d rounds, %d choices written\n%s", s.rounds, s.choices, s.table())
	}
	return s, err
}
