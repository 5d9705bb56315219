// Command retention disposes of what the schedule says is due, every night,
// and proves it by certificates. Every quarter of an hour it carries out orders
// of erasure, and goes on with a night that did not come to its end. It decides
// nothing: shared/domain/disposal does.
package main

import (
	"context"
	"crypto/rand"

	"github.com/aws/aws-lambda-go/lambda"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/disposals"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/settings"
)

func main() {
	log := boot.Logger()
	var set boot.Settings
	var (
		baseURL       = set.Text("BASE_URL")
		requestsTable = set.Text("REQUESTS_TABLE")
		optOuts       = set.Text("OPTOUTS_TABLE")
		linkKeys      = set.Text("LINK_KEYS_SECRET")
		filesBucket   = set.Text("FILES_BUCKET")
		scanFiles     = set.Yes("SCAN_FILES")
	)
	boot.Check(set.Check())

	clients := aws.New()
	db := clients.DynamoDB(aws.Steady)
	secrets := boot.Must(clients.Secrets(context.Background(), linkKeys))
	desk := boot.Must(settings.Load())
	store := &disposals.Store{
		Requests: &requests.Store{Table: dynamo.Table{DB: db, Name: requestsTable}, OptOuts: dynamo.Table{DB: db, Name: optOuts}}, OptOuts: &optouts.Store{Table: dynamo.Table{DB: db, Name: optOuts}},
	}
	zone := boot.Must(desk.Organisation.Location())
	releaser := &request.Service{Store: store.Requests, Now: boot.Now, Random: rand.Reader}
	bucket := clients.Bucket(filesBucket).Scanned(scanFiles)
	files := &filing.Service{Store: store.Requests, Objects: bucket, Now: boot.Now, Random: rand.Reader, Verdict: bucket.Verdicts()}
	h := &handler{files: files, holds: disposal.Keepers{Holds: store, Requests: store.Requests, Now: boot.Now}, zone: zone, figures: boot.NewReporter(), log: log, now: boot.Now, sweeper: &disposal.Sweeper{
		Store: store, Publisher: publisher{clients.Bus(), log}, Releaser: releaser, Feed: store.OptOuts, Systems: desk.Systems, Objects: bucket, Schedule: boot.Must(schedule.New(desk)), Zone: zone,
		Signer: boot.Must(audit.ParseSigner(secrets[0].Text())), Issuer: baseURL, Build: boot.Build, Now: boot.Now, NewID: rand.Text, Random: rand.Reader,
	}}
	clients.Wait()
	lambda.Start(h.handle)
}
