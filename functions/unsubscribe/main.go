// Command unsubscribe takes opt-outs: website forms, links in mails, mail
// clients' one-click, the preferences page; and tells the sender's systems who
// must not be contacted. It never calls SES.
package main

import (
	"context"
	"crypto/rand"
	"sync"

	"github.com/aws/aws-lambda-go/lambda"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/counters"
	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/backfill"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/mylinks"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/screening"
	"privacydesk/shared/domain/settings"
	"privacydesk/shared/portal"
)

func main() {
	boot.Logger()
	var set boot.Settings
	var (
		baseURL       = set.Text("BASE_URL")
		mailDomain    = set.Optional("MAIL_DOMAIN")
		optOuts       = set.Text("OPTOUTS_TABLE")
		requestsTable = set.Text("REQUESTS_TABLE")
		countersTable = set.Text("COUNTERS_TABLE")
		referenceKey  = set.Text("REFERENCE_KEY_SECRET")
		linkKeys      = set.Text("LINK_KEYS_SECRET")
		perMinute     = set.Int("SOURCE_REQUESTS_PER_MINUTE", 10, 1, 10_000)
		perDay        = set.Int("SOURCE_REQUESTS_PER_DAY", 30, 1, 10_000)
	)
	boot.Check(set.Check())

	clients, ctx := aws.New(), context.Background()
	db := clients.DynamoDB(aws.Prompt)
	secrets := boot.Must(clients.Secrets(ctx, referenceKey, linkKeys))
	key := boot.Must(person.NewKey(secrets[0].Field("key")))
	desk := boot.Must(settings.Load())
	limits := &counters.Store{Table: dynamo.Table{DB: db, Name: countersTable}, Now: boot.Now}
	store := &requests.Store{Table: dynamo.Table{DB: db, Name: requestsTable}, OptOuts: dynamo.Table{DB: db, Name: optOuts}, Counters: limits}
	choices := &optouts.Store{Table: dynamo.Table{DB: db, Name: optOuts}}
	// Not sync.OnceValues: generics describe their types at run time, and with its type all that officers do to a
	// request would be in the binary.
	var (
		made   sync.Once
		rights *request.Service
		err    error
	)
	h := &handler{
		Site:    portal.New(desk, boot.Must(link.ParseKeyRing(secrets[1].Text())), baseURL, boot.Now),
		optOuts: &optout.Service{Store: choices, Key: key, Now: boot.Now, Zone: desk.Organisation.Zone(), Topics: topics(desk)},
		checker: &screening.Checker{Store: choices, Key: key, Now: boot.Now},
		links:   &mylinks.Service{Store: &letters.Store{OptOuts: choices.Table, Counters: limits}, Key: key, Now: boot.Now},
		lists:   &backfill.Importer{Store: choices, Key: key, Now: boot.Now}, listing: choices,
		undoing: &backfill.Undoer{Store: choices, Now: boot.Now}, changes: &feed.Reader{Source: choices, Now: boot.Now},
		rights: func() (*request.Service, error) {
			made.Do(func() { rights, err = request.New(store, key, desk, boot.Now, rand.Reader) })
			return rights, err
		},
		key: key, signer: boot.Must(audit.ParseSigner(secrets[1].Text())), random: rand.Reader,
		source: quota.Source{Digest: key.Source, PerMinute: perMinute, PerDay: perDay}, figures: boot.NewReporter(), mailDomain: mailDomain,
	}
	clients.Wait()
	lambda.Start(web.Lambda(h.routes()))
}
