// Command rights takes data subject requests: the form, the confirmation of
// the mailbox, the status page with withdrawal, disagreement and appeal, the
// export of what is held, and the receipts' keys. It sends no mail.
package main

import (
	"context"
	"crypto/rand"

	"github.com/aws/aws-lambda-go/lambda"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/counters"
	"privacydesk/shared/adapter/dynamo/disposals"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/export"
	"privacydesk/shared/domain/filing"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/portal"
)

func main() {
	boot.Logger()
	var set boot.Settings
	var (
		baseURL       = set.Text("BASE_URL")
		requestsTable = set.Text("REQUESTS_TABLE")
		optOuts       = set.Text("OPTOUTS_TABLE")
		countersTable = set.Text("COUNTERS_TABLE")
		referenceKey  = set.Text("REFERENCE_KEY_SECRET")
		linkKeys      = set.Text("LINK_KEYS_SECRET")
		filesBucket   = set.Text("FILES_BUCKET")
		scanFiles     = set.Yes("SCAN_FILES")
		perMinute     = set.Int("SOURCE_REQUESTS_PER_MINUTE", 10, 1, 10_000)
		perDay        = set.Int("SOURCE_REQUESTS_PER_DAY", 30, 1, 10_000)
	)
	boot.Check(set.Check())

	clients := aws.New()
	db := clients.DynamoDB(aws.Prompt)
	secrets := boot.Must(clients.Secrets(context.Background(), referenceKey, linkKeys))
	key := boot.Must(person.NewKey(secrets[0].Field("key")))
	desk := boot.Must(settings.Load())
	limits := &counters.Store{Table: dynamo.Table{DB: db, Name: countersTable}, Now: boot.Now}
	store := &requests.Store{Table: dynamo.Table{DB: db, Name: requestsTable}, OptOuts: dynamo.Table{DB: db, Name: optOuts}, Counters: limits}
	choices := &optouts.Store{Table: dynamo.Table{DB: db, Name: optOuts}}
	service := boot.Must(request.New(store, key, desk, boot.Now, rand.Reader))
	bucket := clients.Bucket(filesBucket).Scanned(scanFiles)
	holds := disposal.Keepers{Holds: &disposals.Store{Requests: store, OptOuts: choices}, Requests: store, Now: boot.Now}
	h := &handler{
		bucket: bucket, files: &filing.Service{Store: store, Objects: bucket, Now: boot.Now, Random: rand.Reader, NewID: rand.Text, Holds: holds, Verdict: bucket.Verdicts()},
		Site:    portal.New(desk, boot.Must(link.ParseKeyRing(secrets[1].Text())), baseURL, boot.Now),
		rights:  service,
		optOuts: &optout.Service{Store: choices, Key: key, Now: boot.Now, Zone: desk.Organisation.Zone()},
		exports: &export.Exporter{Requests: store, Holdings: holdings{choices, &quota.Mails{Meter: limits, Key: key}}, Law: service.Law, Now: boot.Now},
		signer:  boot.Must(audit.ParseSigner(secrets[1].Text())), rules: boot.Must(schedule.New(desk)),
		limits: limits, source: quota.Source{Digest: key.Source, PerMinute: perMinute, PerDay: perDay},
	}
	clients.Wait()
	lambda.Start(web.Lambda(h.routes()))
}
