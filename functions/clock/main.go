// Command clock does every hour what time brings: it ends requests that nobody
// confirmed, lets those that wait for their person lapse or go on, and queues a
// digest of what comes due for the privacy officer. What is late raises a metric,
// opt-outs that SES does not know yet among it.
package main

import (
	"crypto/rand"

	"github.com/aws/aws-lambda-go/lambda"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/domain/agenda"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/settings"
)

func main() {
	log := boot.Logger()
	var set boot.Settings
	var (
		optOuts       = set.Text("OPTOUTS_TABLE")
		requestsTable = set.Text("REQUESTS_TABLE")
	)
	boot.Check(set.Check())

	clients := aws.New()
	db := clients.DynamoDB(aws.Steady)
	desk := boot.Must(settings.Load())
	store := &requests.Store{Table: dynamo.Table{DB: db, Name: requestsTable}, OptOuts: dynamo.Table{DB: db, Name: optOuts}}
	// No request is opened here, so the reference key is not needed.
	service := boot.Must(request.New(store, person.Key{}, desk, boot.Now, rand.Reader))
	h := &handler{
		clock:   agenda.Clock{Service: service, Agenda: store, Tasks: store, Letters: &letters.Store{OptOuts: dynamo.Table{DB: db, Name: optOuts}, Requests: dynamo.Table{DB: db, Name: requestsTable}}},
		optOuts: &optouts.Store{Table: dynamo.Table{DB: db, Name: optOuts}}, now: boot.Now, figures: boot.NewReporter(), log: log,
	}
	clients.Wait()
	lambda.Start(h.handle)
}
