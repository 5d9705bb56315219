// Command suppression makes the SES suppression list equal to the opt-outs.
// The table's stream wakes it at once and a schedule wakes it surely; both do
// the same: look for what is pending.
package main

import (
	"context"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"golang.org/x/time/rate"

	"privacydesk/shared/boot"
	"privacydesk/shared/dynamo"
	"privacydesk/shared/optout"
	"privacydesk/shared/ses"
)

func main() {
	log := boot.Logger()
	var set boot.Settings
	var (
		table  = set.Text("OPTOUTS_TABLE")
		perSec = set.Int("SES_REQUESTS_PER_SECOND", 1, 1, 50)
		tenant = set.Optional("SES_TENANT_NAME")
	)
	boot.Check(set.Check())

	aws := boot.NewAWS()
	h := &handler{
		projector: &optout.Projector{
			Queue: &dynamo.OptOuts{DB: aws.DynamoDB(), Table: table},
			List:  ses.List{Client: ses.NewClient(aws.Config("SESV2")), Tenant: tenant},
			Pace:  rate.NewLimiter(rate.Limit(perSec), 1),
			Now:   time.Now, Sleep: sleep,
		},
		metrics: boot.NewMetrics(), log: log,
	}
	aws.Wait()
	lambda.Start(h.handle)
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
