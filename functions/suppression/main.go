// Command suppression makes the SES suppression list equal to the opt-outs.
// The table's stream wakes it at once and a schedule wakes it surely; both do
// the same: look for what is pending. Once a day it reads the whole
// list and repairs what others have changed there.
package main

import (
	"context"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/boot"
)

func main() {
	log := boot.Logger()
	var set boot.Settings
	s := wiring{
		table:  set.Text("OPTOUTS_TABLE"),
		key:    set.Optional("REFERENCE_KEY_SECRET"),
		tenant: set.Optional("SES_TENANT_NAME"),
		bucket: set.Optional("BULK_BUCKET"),
		perSec: set.Int("SES_REQUESTS_PER_SECOND", 1, 1, 50),
		bulk:   set.Int("BULK_OVER", 300, 1, 100_000),
		now:    boot.Now,
	}
	boot.Check(set.Check())

	clients := aws.New()
	h := newSuppression(clients, s)
	h.figures, h.log = boot.NewReporter(), log
	clients.Wait()
	lambda.Start(h.handle)
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
