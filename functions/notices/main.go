// Command notices mails people what they must be told. The table's stream
// wakes it at once and a schedule wakes it surely; both do the same: look for
// what is pending.
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
	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/agenda"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/mylinks"
	"privacydesk/shared/domain/optin"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/settings"
)

func main() {
	log := boot.Logger()
	var set boot.Settings
	var (
		baseURL       = set.Text("BASE_URL")
		optOuts       = set.Text("OPTOUTS_TABLE")
		requestsTable = set.Text("REQUESTS_TABLE")
		countersTable = set.Text("COUNTERS_TABLE")
		refKey        = set.Text("REFERENCE_KEY_SECRET")
		linkKeys      = set.Text("LINK_KEYS_SECRET")
		from          = set.Text("SES_FROM")
		mailSet       = set.Text("SES_TRANSACTIONAL_CONFIGURATION_SET")
		perBox        = set.Int("MAILS_PER_MAILBOX", 3, 1, 1000)
		perDay        = set.Int("STRANGERS_MAILS_PER_DAY", 1000, 1, 1_000_000)
	)
	boot.Check(set.Check())

	clients := aws.New()
	db := clients.DynamoDB(aws.Steady)
	desk := boot.Must(settings.Load())
	secrets := boot.Must(clients.Secrets(context.Background(), refKey, linkKeys))
	key := boot.Must(person.NewKey(secrets[0].Field("key")))
	limits := &counters.Store{Table: dynamo.Table{DB: db, Name: countersTable}, Now: boot.Now}
	store := &requests.Store{Table: dynamo.Table{DB: db, Name: requestsTable}, OptOuts: dynamo.Table{DB: db, Name: optOuts}, Counters: limits}
	service := boot.Must(request.New(store, key, desk, boot.Now, rand.Reader))
	caps := &quota.Mails{Meter: limits, Key: key, PerMailbox: perBox, PerDay: perDay}
	records := &disposals.Store{Requests: store, OptOuts: &optouts.Store{Table: dynamo.Table{DB: db, Name: optOuts}}}
	periods := boot.Must(schedule.New(desk))
	// An answer takes effect when its letter goes (request.Letters): whoever sends it decides.
	service.Holds, service.Settings.ExportFor = disposal.Keepers{Holds: records, Requests: store, Now: boot.Now}, periods.Duration(schedule.Export)
	mails := &mailer{
		holds: service.Holds,
		ring:  boot.Must(link.ParseKeyRing(secrets[1].Text())), rights: service,
		sender: ses.Sender{Client: ses.NewClient(clients.Config("SESV2")), From: fromLine(desk, from), ReplyTo: desk.Organisation.Contact, ConfigurationSet: mailSet},
		desk:   desk, schedule: periods, zone: desk.Organisation.Zone(), baseURL: baseURL, now: boot.Now, log: log,
	}
	choices, queue := &optouts.Store{Table: dynamo.Table{DB: db, Name: optOuts}}, &letters.Store{OptOuts: dynamo.Table{DB: db, Name: optOuts}, Requests: dynamo.Table{DB: db, Name: requestsTable}}
	owners := kinds(
		optin.Confirmations{Store: choices, Ender: queue, Now: boot.Now}, mylinks.Letters{Store: queue, Requests: store, Ender: queue, Now: boot.Now}, request.Letters{Service: service},
		agenda.Digests{Service: service, Agenda: store, Ender: queue, To: boot.Must(desk.OfficerAddress())}, agenda.Weekly(service, store, queue),
	)
	h := &handler{
		pending: choices, service: service, figures: boot.NewReporter(), log: log,
		outbox: outbox.Drain{Queue: queue, Kinds: owners, Mailer: mails, Caps: caps, Now: boot.Now},
	}
	h.outbox.Unknown = h.unknown
	clients.Wait()
	lambda.Start(h.handle)
}
