// Command systems tells the organisation's other systems what they must do about a request, and what people have chosen.
// The table's stream wakes it at once and a schedule wakes it surely; both do the same: look for what is due. It decides
// nothing: shared/domain/ledger and shared/domain/feed do.
package main

import (
	"context"
	"crypto/rand"

	"github.com/aws/aws-lambda-go/lambda"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/outbound"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/feed"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/settings"
)

func main() {
	log := boot.Logger()
	var set boot.Settings
	var (
		baseURL       = set.Text("BASE_URL")
		optOuts       = set.Text("OPTOUTS_TABLE")
		requestsTable = set.Text("REQUESTS_TABLE")
		referenceKey  = set.Text("REFERENCE_KEY_SECRET")
		linkKeys      = set.Text("LINK_KEYS_SECRET")
		keys          = set.Optional("SYSTEMS_SECRET")
		standIn       = set.Optional("SYSTEMS_STAND_IN") // the local stack's; never template.yaml's (infra/rules)
	)
	boot.Check(set.Check())

	clients := aws.New()
	db := clients.DynamoDB(aws.Steady)
	desk := boot.Must(settings.Load())
	secrets := boot.Must(clients.Secrets(context.Background(), referenceKey, linkKeys))
	key := boot.Must(person.NewKey(secrets[0].Field("key")))
	choices := &optouts.Store{Table: dynamo.Table{DB: db, Name: optOuts}}
	store := &requests.Store{Table: dynamo.Table{DB: db, Name: requestsTable}, OptOuts: dynamo.Table{DB: db, Name: optOuts}}
	service := boot.Must(request.New(store, key, desk, boot.Now, rand.Reader))
	ways := &ways{
		client: boot.Must(outbound.New(hosts(desk.Systems), standIn, boot.Now)), signer: boot.Must(audit.ParseSigner(secrets[1].Text())),
		ring: boot.Must(link.ParseKeyRing(secrets[1].Text())), baseURL: baseURL, now: boot.Now, bus: clients.Bus(), load: store.Load, log: log,
		keys: keys, read: clients.Secrets,
	}
	h := &handler{
		figures: boot.NewReporter(), log: log,
		tasks: ledger.Drain{
			Book: store, Systems: desk.Systems, Ways: ways.ofTasks(), Whom: service.Whom, Now: boot.Now,
			Do: func(ctx context.Context, id string, d ledger.Deed) error {
				_, err := service.Ledger(ctx, id, d)
				return err
			},
		},
		choices: feed.Drain{Store: choices, Systems: desk.Systems, Ways: ways.ofChoices(), Now: boot.Now},
	}
	clients.Wait()
	lambda.Start(h.hear().handle)
}
