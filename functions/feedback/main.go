// Command feedback reads what SES reports of mails, through SNS and SQS, SNS
// alone or EventBridge, and records what follows for the people who got them.
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
	"privacydesk/shared/domain/feedback"
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
		referenceKey  = set.Text("REFERENCE_KEY_SECRET")
	)
	boot.Check(set.Check())

	clients := aws.New()
	db := clients.DynamoDB(aws.Steady)
	desk := boot.Must(settings.Load())
	secrets := boot.Must(clients.Secrets(context.Background(), referenceKey))
	key := boot.Must(person.NewKey(secrets[0].Field("key")))
	store := &requests.Store{Table: dynamo.Table{DB: db, Name: requestsTable}, OptOuts: dynamo.Table{DB: db, Name: optOuts}}
	h := &handler{
		recorder: &feedback.Recorder{
			Store: &optouts.Store{Table: dynamo.Table{DB: db, Name: optOuts}}, Key: key, Now: boot.Now,
			Soft: feedback.SoftBounces{Days: settings.SoftBounceDays, Within: desk.Feedback.SoftBounceWindowDays},
		},
		requests: boot.Must(request.New(store, key, desk, boot.Now, rand.Reader)),
		figures:  boot.NewReporter(), log: log, now: boot.Now,
	}
	clients.Wait()
	lambda.Start(h.handle)
}
