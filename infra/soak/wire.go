package main

import (
	"math/rand/v2"
	"net/http/httptest"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/testkit/database"
	"privacydesk/shared/testkit/faults"
	"privacydesk/shared/testkit/standin"
)

// wire is the way of all calls: the functions' HTTP clients, a relay, which
// forgets connections, and a proxy, which makes the other faults.
type wire struct {
	proxy *faults.Proxy
	stand *httptest.Server
	front string // address of the relay
	relay *faults.Relay
	close []func()
}

// The functions' patience, in the soak's time: a freeze takes 50 ms.
var (
	once = aws.Patience{Idle: 40 * time.Millisecond, Answer: 20 * time.Second, Call: 30 * time.Second}
	kept = aws.Patience{Idle: time.Hour, Answer: 20 * time.Second, Call: 30 * time.Second}
)

const frozenFor = 50 * time.Millisecond

func newWire(endpoint string, now func() time.Time, effect func(*faults.Call, int)) (*wire, error) {
	stand, err := standin.New(standin.Config{Now: now})
	if err != nil {
		return nil, err
	}
	w := &wire{stand: httptest.NewServer(stand), proxy: &faults.Proxy{Effect: effect}}
	w.close = []func(){w.stand.Close, func() { _ = stand.Close() }}
	if w.proxy.DynamoDB, err = faults.Forward(endpoint); err != nil {
		return w, err
	}
	if w.proxy.AWS, err = faults.Forward(w.stand.URL); err != nil {
		return w, err
	}
	front := httptest.NewServer(w.proxy)
	if w.relay, err = faults.NewRelay(front.URL, 0, faults.Reset); err != nil {
		return w, err
	}
	w.front, w.close = w.relay.URL, append([]func(){w.relay.Close, front.Close}, w.close...)
	return w, nil
}

// ses is what the client of SES is made from.
func (w *wire) ses() sdk.Config { return client(w.front, once) }

func client(url string, p aws.Patience) sdk.Config {
	config := database.AWS()
	config.HTTPClient = aws.NewClient(p)
	config.BaseEndpoint = &url
	return config
}

// dynamoDB tries as often as the functions, but at once.
func (w *wire) dynamoDB() *dynamodb.Client {
	return dynamodb.NewFromConfig(client(w.front, kept), func(o *dynamodb.Options) {
		o.Retryer = retry.NewStandard(func(o *retry.StandardOptions) {
			o.MaxAttempts, o.RateLimiter = 3, ratelimit.None
			o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
		})
	})
}

// freeze now and then stops the functions between two events, and their
// connections die meanwhile. It has a chance of its own, so that the rest of
// the course is the seed's as before.
func (w *wire) freeze(chance *rand.Rand, plan *faults.Plan) {
	if chance.IntN(30) > 0 {
		return
	}
	plan.Count("frozen, connections dead")
	time.Sleep(frozenFor)
	w.relay.Forget()
}
