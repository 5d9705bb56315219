package main

import (
	"context"
	"crypto/rand"
	"time"

	"golang.org/x/time/rate"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/domain/suppression"
)

type wiring struct {
	table, key     string
	tenant, bucket string // empty: the account's list; no bulk jobs
	perSec, bulk   int
	now            func() time.Time
}

// newSuppression puts table, list and pace together. All calls share one pace.
func newSuppression(clients *aws.Clients, s wiring) *handler {
	schedule := boot.Must(schedule.New(boot.Must(settings.Load())))
	var (
		table  = &optouts.Store{Table: dynamo.Table{DB: clients.DynamoDB(aws.Steady), Name: s.table}, Periods: optouts.PeriodsOf(schedule)}
		client = ses.NewClient(clients.Config("SESV2"))
		list   = ses.List{Client: client, Tenant: s.tenant}
		pace   = rate.NewLimiter(rate.Limit(s.perSec), 1)
	)
	syncer := &suppression.Syncer{Queue: table, List: list, Pace: pace, Now: s.now, Sleep: sleep}
	if s.bucket != "" && s.tenant == "" { // an import job reaches the account's list only
		syncer.Bulk = &suppression.Bulk{
			Queue: table, Over: s.bulk, NewID: rand.Text,
			List: ses.Bulk{Client: client, Bucket: s.bucket, Objects: clients.Bucket(s.bucket)},
		}
	}
	return &handler{syncer: syncer, reconciler: &suppression.Reconciler{
		Ledger: table, Runs: table, List: list, Pace: pace, Now: s.now, Sleep: sleep, NewID: rand.Text,
		Key: func(ctx context.Context) (person.Key, error) { return referenceKey(ctx, clients, s.key) },
	}}
}

// referenceKey is read when a reconciliation needs it, and not at the start: opt-outs
// are synced without it.
func referenceKey(ctx context.Context, clients *aws.Clients, id string) (person.Key, error) {
	secrets, err := clients.Secrets(ctx, id)
	if err != nil {
		return person.Key{}, err
	}
	return person.NewKey(secrets[0].Field("key"))
}
