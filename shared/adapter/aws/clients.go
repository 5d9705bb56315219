package aws

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// Clients makes the clients of one function. The SDK's config package is left out:
// Lambda hands credentials and Region over in the environment, and loading the
// rest costs a millisecond of every cold start (infra/decisions).
type Clients struct {
	once   *http.Client // for the calls that nothing repeats: all but DynamoDB's
	files  *http.Client // for whole files
	region string
	warm   sync.WaitGroup

	patience time.Duration // how long a start waits for an open connection
}

// New prepares the clients. Nothing is connected yet.
func New() *Clients {
	return &Clients{region: os.Getenv("AWS_REGION"), patience: 2 * time.Second, once: NewClient(Cautious), files: NewClient(patient)}
}

// credentials reads what Lambda puts into the environment of a start.
type credentials struct{}

func (credentials) Retrieve(context.Context) (aws.Credentials, error) {
	return aws.Credentials{
		AccessKeyID:     os.Getenv("AWS_ACCESS_KEY_ID"),
		SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
		SessionToken:    os.Getenv("AWS_SESSION_TOKEN"),
		Source:          "environment",
	}, nil
}

// DynamoDB makes the client, Prompt or Steady, and opens its connection in the
// background. The SDK repeats what fails, after 25 ms at most where
// AWS_NEW_RETRIES_2026 is set, as template.yaml does; after 2 s else.
func (a *Clients) DynamoDB(p Patience) *dynamodb.Client {
	client := NewClient(p)
	a.connect(client, a.endpoint("DYNAMODB", "dynamodb"))
	return dynamodb.New(dynamodb.Options{
		Region: a.region, Credentials: credentials{}, HTTPClient: client,
		BaseEndpoint: configured("DYNAMODB"), RetryMaxAttempts: 3,
		// The transport checks what it carries; CRC-32 over it again costs CPU.
		DisableValidateResponseChecksum: true,
	})
}

// Config is what the client of a further service is made from, by the name
// that the service has in AWS_ENDPOINT_URL_...: the package that calls the
// service makes it. Were it made here, every function would link every SDK,
// and the tables of one, used or not, cost 0.7 ms of each start.
func (a *Clients) Config(service string) aws.Config {
	return aws.Config{Region: a.region, Credentials: credentials{}, HTTPClient: a.once, BaseEndpoint: configured(service)}
}

// configured returns the endpoint that the environment names for a service,
// as the SDKs' shared settings have it; nil for the real one.
func configured(service string) *string {
	url := cmp.Or(os.Getenv("AWS_ENDPOINT_URL_"+service), os.Getenv("AWS_ENDPOINT_URL"))
	if url == "" {
		return nil
	}
	return &url
}

func (a *Clients) endpoint(service, host string) string {
	if url := configured(service); url != nil {
		return *url
	}
	return "https://" + a.host(host)
}

// host is that of a service in the Region. The domain differs by partition, as
// in China and in the European Sovereign Cloud. It is taken from the SDK's own
// endpoint of DynamoDB, which every function links. An unknown Region has none.
func (a *Clients) host(service string) string {
	known := dynamodb.EndpointParameters{Region: &a.region}
	endpoint, _ := dynamodb.NewDefaultEndpointResolverV2().ResolveEndpoint(context.Background(), known)
	_, domain, _ := strings.Cut(endpoint.URI.Host, "."+a.region+".")
	return service + "." + a.region + "." + domain
}

// connect opens a connection while the function starts, when Lambda gives it
// a whole CPU: the TLS handshake and the reading of the CA certificates are
// what people feel of a cold start. DynamoDB answers GET / to anybody. One that
// hangs must not use the time up that the first request has for its answer.
func (a *Clients) connect(client *http.Client, url string) {
	a.warm.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), a.patience)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return
		}
		res, err := client.Do(req)
		if err != nil {
			return // the first request will try, and tell
		}
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
	})
}

// Wait ends when the connections are open.
func (a *Clients) Wait() { a.warm.Wait() }
