// Command desk is where the organisation answers requests. It has two doors to
// the same acts: api for machines, below /api, and people for browsers, below
// /desk.
package main

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"privacydesk/functions/desk/api"
	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/disposals"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/settings"
)

func main() {
	boot.Logger()
	var set boot.Settings
	var (
		requestsTable = set.Text("REQUESTS_TABLE")
		optOuts       = set.Text("OPTOUTS_TABLE")
		referenceKey  = set.Text("REFERENCE_KEY_SECRET")
		issuer        = set.Text("OIDC_ISSUER")
		client        = set.Text("OIDC_CLIENT_ID")
		clientSecret  = set.Text("OIDC_CLIENT_SECRET")
	)
	boot.Check(set.Check())

	clients := aws.New()
	db := clients.DynamoDB(aws.Prompt)
	secrets := boot.Must(clients.Secrets(context.Background(), referenceKey, clientSecret))
	slog.Debug("people log in elsewhere", "issuer", issuer, "client", client)
	key := boot.Must(person.NewKey(secrets[0].Field("key")))
	store := &requests.Store{Table: dynamo.Table{DB: db, Name: requestsTable}, OptOuts: dynamo.Table{DB: db, Name: optOuts}}
	desk := boot.Must(settings.Load())
	records := &disposals.Store{Requests: store, OptOuts: &optouts.Store{Table: dynamo.Table{DB: db, Name: optOuts}}}
	rights := boot.Must(deciding(store, key, desk, boot.Now, rand.Reader))
	rights.Holds = disposal.Keepers{Holds: records, Requests: store, Now: boot.Now}
	machines := &api.Door{
		Rights: rights,
		Agenda: store, Drifts: records.OptOuts, Now: boot.Now, Zone: boot.Must(desk.Organisation.Location()),
		Holds:        &disposal.HoldKeeper{Store: records, Now: boot.Now, NewID: rand.Text, Random: rand.Reader},
		Certificates: records,
	}
	clients.Wait()
	lambda.Start(web.Lambda(doors(machines.Routes(), http.HandlerFunc(nobody))))
}

// doors sends what is at /desk and below to people, and everything else to
// machines, who must have signed it.
func doors(machines, people http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path+"/", "/desk/") {
			people.ServeHTTP(w, r)
			return
		}
		machines.ServeHTTP(w, r)
	})
}

// nobody answers where nothing is.
func nobody(w http.ResponseWriter, _ *http.Request) {
	web.Refuse(w, fault.New(fault.NotFound, "There is nothing here."))
}

// deciding makes a service that may decide: it knows how long an export is given out.
func deciding(store request.Store, key person.Key, d *settings.Desk, now func() time.Time, random io.Reader) (*request.Service, error) {
	periods, err := schedule.New(d)
	if err != nil {
		return nil, err
	}
	service, err := request.New(store, key, d, now, random)
	if err != nil {
		return nil, err
	}
	service.Settings.ExportFor = periods.Duration(schedule.Export)
	return service, nil
}
