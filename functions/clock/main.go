// Command clock does every hour what time brings: it ends requests that nobody
// confirmed, lets those that wait for their person lapse or go on, and mails
// the privacy officer a digest of what comes due. What is late raises a metric,
// opt-outs that SES does not know yet among it.
package main

import (
	"crypto/rand"

	"github.com/aws/aws-lambda-go/lambda"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/policy"
	"privacydesk/shared/domain/request"
)

func main() {
	log := boot.Logger()
	var set boot.Settings
	var (
		baseURL  = set.Text("BASE_URL")
		optOuts  = set.Text("OPTOUTS_TABLE")
		requests = set.Text("REQUESTS_TABLE")
		from     = set.Text("SES_FROM")
		mailSet  = set.Text("SES_TRANSACTIONAL_CONFIGURATION_SET")
	)
	boot.Check(set.Check())

	clients := aws.New()
	db := clients.DynamoDB(aws.Steady)
	desk := boot.Must(policy.Load())
	store := &dynamo.Requests{DB: db, Table: requests, OptOuts: optOuts}
	// No request is opened here, so the reference key is not needed.
	service := boot.Must(request.New(store, person.Key{}, desk, boot.Now, rand.Reader))
	mails := &digests{
		sender: ses.Sender{Client: ses.NewClient(clients.Config("SESV2")), From: fromLine(desk, from), ConfigurationSet: mailSet},
		to:     boot.Must(desk.OfficerAddress()), desk: desk, place: desk.Organisation.Place(), baseURL: baseURL, log: log,
	}
	h := &handler{
		clock:   request.Clock{Service: service, Agenda: store, Digests: store, Mailer: mails},
		optOuts: &dynamo.OptOuts{DB: db, Table: optOuts}, now: boot.Now, figures: boot.NewReporter(), log: log,
	}
	clients.Wait()
	lambda.Start(h.handle)
}
