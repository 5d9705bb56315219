// Command mailbox reads the headers of mail to unsubscribe@ and privacy@ the
// receiving domain: the one becomes an opt-out, the other a rights request
// that waits for confirmation. It reads no body and sends no mail.
package main

import (
	"context"
	"crypto/rand"

	"github.com/aws/aws-lambda-go/lambda"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/counters"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/domain/backfill"
	"privacydesk/shared/domain/inbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/settings"
)

func main() {
	log := boot.Logger()
	var set boot.Settings
	var (
		domain        = set.Text("MAIL_DOMAIN")
		from          = set.Text("SES_FROM")
		optOuts       = set.Text("OPTOUTS_TABLE")
		requestsTable = set.Text("REQUESTS_TABLE")
		countersTable = set.Text("COUNTERS_TABLE")
		referenceKey  = set.Text("REFERENCE_KEY_SECRET")
		linkKeys      = set.Text("LINK_KEYS_SECRET")
	)
	boot.Check(set.Check())

	clients := aws.New()
	db := clients.DynamoDB(aws.Steady)
	secrets := boot.Must(clients.Secrets(context.Background(), referenceKey, linkKeys))
	key := boot.Must(person.NewKey(secrets[0].Field("key")))
	ring := boot.Must(link.ParseKeyRing(secrets[1].Text()))
	desk := boot.Must(settings.Load())
	limits := &counters.Store{Table: dynamo.Table{DB: db, Name: countersTable}, Now: boot.Now}
	store := &requests.Store{Table: dynamo.Table{DB: db, Name: requestsTable}, OptOuts: dynamo.Table{DB: db, Name: optOuts}, Counters: limits}
	h := &handler{
		reader:  &inbox.Reader{Domain: domain, Own: []person.Address{boot.Must(person.Parse(from))}, Open: opener(ring, boot.Now)},
		optOuts: &backfill.LateRecorder{Store: &optouts.Store{Table: dynamo.Table{DB: db, Name: optOuts}}, Key: key, Now: boot.Now},
		rights:  boot.Must(request.New(store, key, desk, boot.Now, rand.Reader)),
		figures: boot.NewReporter(), log: log,
	}
	clients.Wait()
	lambda.Start(h.handle)
}
