package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/aws"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/testkit/database"
	"privacydesk/shared/testkit/faults"
	"privacydesk/shared/testkit/standin"
	"privacydesk/shared/testkit/template"
)

// epoch is when every course begins. It is later than any real clock, so that
// DynamoDB Local takes no row as expired.
var epoch = time.Date(2035, 1, 1, 0, 0, 0, 0, time.UTC)

// course is what both parts of a round have: chance, time, tables, and the way
// of all calls. Calls go from the functions' HTTP clients through a relay,
// which forgets connections, and a proxy, which makes the other faults.
type course struct {
	random *rand.Rand // of the acts; the plan draws the faults of calls elsewhere
	frozen *rand.Rand // of the freezes
	clock  *faults.Clock
	plan   *faults.Plan
	direct *dynamodb.Client  // without faults
	tables map[string]string // their names by logical id
	key    person.Key
	proxy  *faults.Proxy
	stand  *httptest.Server
	front  string // address of the relay
	relay  *faults.Relay
	lost   []string
	close  []func()
	saying sync.Mutex
	said   []string  // what has happened of late
	aloud  io.Writer // where all of it is said at once; nil: nowhere
}

// newCourse makes a course whose chance follows from the seed and the part.
func newCourse(ctx context.Context, r run, seed, part uint64, tables []template.Table, effect func(*faults.Call, int)) (*course, error) {
	c := &course{
		random: rand.New(rand.NewPCG(seed, part)), frozen: rand.New(rand.NewPCG(seed, part+1)), clock: faults.NewClock(epoch),
		direct: database.Client(r.endpoint), tables: map[string]string{},
	}
	if r.trace {
		c.aloud = r.say
	}
	var err error
	if c.key, err = person.NewKey("a reference key for tests, 32 characters or more"); err != nil {
		return nil, err
	}
	if err := c.connect(r.endpoint, effect); err != nil {
		return nil, err
	}
	return c, c.makeTables(ctx, tables)
}

func (c *course) connect(endpoint string, effect func(*faults.Call, int)) error {
	stand, err := standin.New(standin.Config{Now: c.clock.Now})
	if err != nil {
		return err
	}
	c.stand, c.proxy = httptest.NewServer(stand), &faults.Proxy{Effect: effect}
	if c.proxy.DynamoDB, err = faults.Forward(endpoint); err != nil {
		return err
	}
	if c.proxy.AWS, err = faults.Forward(c.stand.URL); err != nil {
		return err
	}
	front := httptest.NewServer(c.proxy)
	if c.relay, err = faults.NewRelay(front.URL, 0, faults.Reset); err != nil {
		return err
	}
	c.front, c.close = c.relay.URL, []func(){c.relay.Close, front.Close, c.stand.Close, func() { _ = stand.Close() }}
	return nil
}

var made atomic.Int64

// makeTables makes them without streams: stream records are hints, which the
// round itself loses.
func (c *course) makeTables(ctx context.Context, tables []template.Table) error {
	prefix := fmt.Sprintf("soak-%d-%d-", time.Now().UnixNano(), made.Add(1))
	for _, table := range tables {
		table.Stream = ""
		name := prefix + table.Name
		if err := database.CreateTables(ctx, c.direct, []template.Table{table}, prefix); err != nil {
			return err
		}
		c.tables[table.LogicalID] = name
		c.close = append(c.close, func() {
			_, _ = c.direct.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: &name})
		})
	}
	return nil
}

func (c *course) end() {
	for _, f := range c.close {
		f()
	}
}

// play acts step by step until the end, or until something is wrong, and
// returns how many steps that were.
func (c *course) play(steps int, act, check func(), failed func() bool) int {
	for step := 1; step <= steps; step++ {
		c.plan.Begin(uint64(step))
		c.trace("step %d", step)
		c.freeze()
		if act(); step%checkEvery == 0 {
			check()
		}
		if failed() {
			return step
		}
	}
	return steps
}

// remembered is how many lines of what happened are kept at least: some sixty steps.
const remembered = 400

func (c *course) trace(format string, args ...any) {
	c.saying.Lock()
	defer c.saying.Unlock()
	line := fmt.Sprintf(format, args...)
	if c.said = append(c.said, line); len(c.said) > 2*remembered {
		c.said = slices.Delete(c.said, 0, remembered)
	}
	if c.aloud != nil {
		fmt.Fprintln(c.aloud, line)
	}
}

func (c *course) reportLoss(format string, args ...any) {
	c.lost = append(c.lost, fmt.Sprintf(format, args...))
}

// pick takes one of all by their weights.
func pick[T any](random *rand.Rand, all []T, weight func(T) int) (picked T) {
	total := 0
	for _, one := range all {
		total += weight(one)
	}
	at := random.IntN(total)
	for _, one := range all {
		if at -= weight(one); at < 0 {
			return one
		}
	}
	return picked
}

// The functions' patience, in the soak's time: a freeze takes 50 ms.
var (
	once = aws.Patience{Idle: 40 * time.Millisecond, Answer: 20 * time.Second, Call: 30 * time.Second}
	kept = aws.Patience{Idle: time.Hour, Answer: 20 * time.Second, Call: 30 * time.Second}
)

const frozenFor = 50 * time.Millisecond

// ses is what the client of SES is made from.
func (c *course) ses() sdk.Config { return client(c.front, once) }

func client(url string, p aws.Patience) sdk.Config {
	config := database.AWS()
	config.HTTPClient = aws.NewClient(p)
	config.BaseEndpoint = &url
	return config
}

// dynamoDB tries as often as the functions, but at once.
func (c *course) dynamoDB() *dynamodb.Client {
	return dynamodb.NewFromConfig(client(c.front, kept), func(o *dynamodb.Options) {
		o.Retryer = retry.NewStandard(func(o *retry.StandardOptions) {
			o.MaxAttempts, o.RateLimiter = 3, ratelimit.None
			o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
		})
	})
}

// freeze now and then stops the functions between two events, and their
// connections die meanwhile. It has a chance of its own, so that the rest of
// the course is the seed's as before.
func (c *course) freeze() {
	if c.frozen.IntN(30) > 0 {
		return
	}
	c.plan.Count("frozen, connections dead")
	time.Sleep(frozenFor)
	c.relay.Forget()
}

// scan reads a whole table past the desk's own code.
func (c *course) scan(ctx context.Context, table string) (items []map[string]types.AttributeValue, err error) {
	pages := dynamodb.NewScanPaginator(c.direct, &dynamodb.ScanInput{TableName: &table})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		items = append(items, page.Items...)
	}
	return items, nil
}

// text is a text attribute, "" where there is none.
func text(item map[string]types.AttributeValue, name string) string {
	v, _ := item[name].(*types.AttributeValueMemberS)
	if v == nil {
		return ""
	}
	return v.Value
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
