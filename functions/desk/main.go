// Command desk is where the organisation answers requests. It has two doors to
// the same acts: api for machines, below /api, and people for browsers, below
// /desk.
package main

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/link"
	"privacydesk/shared/adapter/web"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/settings"
)

func main() {
	boot.Logger()
	var set boot.Settings
	var (
		baseURL       = set.Text("BASE_URL")
		requestsTable = set.Text("REQUESTS_TABLE")
		optOuts       = set.Text("OPTOUTS_TABLE")
		referenceKey  = set.Text("REFERENCE_KEY_SECRET")
		linkKeys      = set.Text("LINK_KEYS_SECRET")
		filesBucket   = set.Text("FILES_BUCKET")
		scanFiles     = set.Yes("SCAN_FILES")
		issuer        = set.Text("OIDC_ISSUER")
		clientID      = set.Text("OIDC_CLIENT_ID")
		clientSecret  = set.Text("OIDC_CLIENT_SECRET")
	)
	boot.Check(set.Check())

	clients := aws.New()
	db := clients.DynamoDB(aws.Prompt)
	secrets := boot.Must(clients.Secrets(context.Background(), referenceKey, linkKeys))
	p := &parts{
		requests: dynamo.Table{DB: db, Name: requestsTable}, optOuts: dynamo.Table{DB: db, Name: optOuts},
		key: boot.Must(person.NewKey(secrets[0].Field("key"))), ring: boot.Must(link.ParseKeyRing(secrets[1].Text())),
		desk: boot.Must(settings.Load()), baseURL: baseURL, now: boot.Now, random: rand.Reader, bucket: clients.Bucket(filesBucket).Scanned(scanFiles),
		issuer: issuer, clientID: clientID, clientSecret: secretOf(clients, clientSecret), provider: &http.Client{Timeout: providerAnswersIn},
	}
	doors := boot.Must(p.doors())
	clients.Wait()
	lambda.Start(web.Lambda(doors))
}

// providerAnswersIn is how long one call to the identity provider may take.
const providerAnswersIn = 4 * time.Second

// secretOf reads the client's secret when somebody logs in: neither a start nor
// the door for machines needs it, and a new one is good at once.
func secretOf(clients *aws.Clients, id string) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		found, err := clients.Secrets(ctx, id)
		if err != nil {
			return "", err
		}
		return found[0].Text(), nil
	}
}

// split sends what is at /desk and below to people, and everything else to
// machines, who must have signed it.
func split(machines, people http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path+"/", "/desk/") {
			people.ServeHTTP(w, r)
			return
		}
		machines.ServeHTTP(w, r)
	})
}
