package ses_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit/standin"
)

func TestPages(t *testing.T) {
	c, _ := account(t, standin.Config{})
	list := ses.List{Client: c}
	for i := range 1001 {
		if err := list.Put(t.Context(), address(t, fmt.Sprintf("p%04d@example.com", i)), suppression.ListedBounce); err != nil {
			t.Fatal(err)
		}
	}
	first, next, err := list.Page(t.Context(), "")
	if err != nil || len(first) != 1000 || next == "" || first[0].Reason != suppression.ListedBounce || time.Since(first[0].Updated) > time.Hour {
		t.Fatalf("%d entries, %v", len(first), err)
	}
	last, next, err := list.Page(t.Context(), next)
	if err != nil || len(last) != 1 || next != "" || last[0].Address.Reveal() != "p1000@example.com" {
		t.Errorf("%d entries, next %q, %v", len(last), next, err)
	}
	if _, _, err := list.Page(t.Context(), "of yesterday"); !errors.Is(err, suppression.ErrTokenExpired) {
		t.Errorf("an old token: %v", err)
	}
}

// An entry is looked at and dropped in its own spelling, and in no other.
func TestSpellings(t *testing.T) {
	c, url := account(t, standin.Config{})
	for _, text := range []string{"Zoe@example.com", "zoe@example.com"} {
		if _, err := c.PutSuppressedDestination(t.Context(), &sesv2.PutSuppressedDestinationInput{EmailAddress: aws.String(text), Reason: "COMPLAINT"}); err != nil {
			t.Fatal(err)
		}
	}
	bounce(t, url, c)
	list := ses.List{Client: c}
	entries, _, err := list.Page(t.Context(), "")
	if err != nil || len(entries) != 3 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	for _, e := range entries {
		want := suppression.NotListed
		if strings.HasPrefix(e.Spelling.Reveal(), "bounce@") {
			want = suppression.ListedBounce
		}
		made, at, err := list.MadeBySES(t.Context(), e)
		if err != nil || made != want || at.IsZero() != (want == suppression.NotListed) || !at.IsZero() && !at.Equal(e.Updated) {
			t.Errorf("%s is made by SES: %v, %v", e.Spelling.Reveal(), made, err)
		}
		if e.Spelling.Reveal() == "Zoe@example.com" {
			if err := list.Drop(t.Context(), e); err != nil {
				t.Error(err)
			}
			if _, _, err := list.MadeBySES(t.Context(), e); !errors.Is(err, suppression.ErrNotListed) {
				t.Errorf("dropped: %v", err)
			}
			if err := list.Drop(t.Context(), e); err != nil {
				t.Errorf("dropped twice: %v", err)
			}
		}
		if shown := fmt.Sprintf("%v %+v %#v", e, e, e); strings.Contains(shown, "example.com") {
			t.Errorf("an entry shows itself: %s", shown)
		}
	}
	if got := listed(t, c, nil); !strings.Contains(got, "zoe@example.com") || strings.Contains(got, "Zoe") {
		t.Errorf("left: %s", got)
	}
}

// bounce lets SES list an address by itself.
func bounce(t *testing.T, url string, c *sesv2.Client) {
	t.Helper()
	id, err := ses.Sender{Client: c, From: "desk@example.org"}.Send(t.Context(), ses.Mail{To: address(t, "bounce@example.com"), Subject: "x", Text: "x"})
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.Post(url+"/mailbox/"+id+"/bounce", "", nil)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%v %v", res, err)
	}
	_ = res.Body.Close()
}

func TestWalkFaultsKeepSilent(t *testing.T) {
	e := suppression.Entry{Spelling: suppression.NewSpelling(secret), Address: address(t, secret)}
	for status, want := range map[int]error{429: suppression.ErrThrottled, 503: &fault.Error{Code: fault.Unavailable}, 403: &fault.Error{Code: fault.Internal}} {
		c, _ := account(t, standin.Config{Faults: func(*http.Request) *standin.Fault { return &standin.Fault{Status: status, Code: "Refused"} }})
		list := ses.List{Client: c}
		_, _, page := list.Page(t.Context(), "")
		_, _, made := list.MadeBySES(t.Context(), e)
		for call, err := range map[string]error{"page": page, "look": made, "drop": list.Drop(t.Context(), e)} {
			if !errors.Is(err, want) {
				t.Errorf("%s at %d: %v", call, status, err)
			}
			keepsSilent(t, err)
		}
	}
}

// objects is the stand-in's store.
type objects struct{ url string }

func (o objects) Put(ctx context.Context, key string, content []byte) error {
	req, _ := http.NewRequestWithContext(ctx, http.MethodPut, o.url+"/s3/bulk/"+key, strings.NewReader(string(content)))
	_, err := http.DefaultClient.Do(req)
	return err
}

func (o objects) Fetch(_ context.Context, signed string) ([]byte, error) {
	res, err := http.Get(signed)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	return io.ReadAll(res.Body)
}

func TestBulk(t *testing.T) {
	c, url := account(t, standin.Config{ImportDelay: 50 * time.Millisecond})
	bulk := ses.Bulk{Client: c, Bucket: "bulk", Objects: objects{url}}
	job := func(items ...suppression.BulkItem) suppression.BulkState {
		id, err := bulk.Start(t.Context(), "one", items)
		if err != nil {
			t.Fatal(err)
		}
		for {
			state, err := bulk.Status(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			if state.Over {
				return state
			}
		}
	}
	long := address(t, "a..b.@docomo.example.jp")
	quoted := address(t, "mañana@example.com") // the stand-in takes ASCII only
	state := job(suppression.BulkItem{Address: address(t, "a@example.com"), Reason: suppression.ListedComplaint},
		suppression.BulkItem{Address: long, Reason: suppression.ListedBounce}, suppression.BulkItem{Address: quoted, Reason: suppression.ListedComplaint})
	if got := listed(t, c, nil); got != "a..b.@docomo.example.jp BOUNCE, a@example.com COMPLAINT" || state.Lost != 0 || len(state.Failed) != 1 || state.Failed[quoted] != "Invalid email address" {
		t.Errorf("list %q, state %+v", got, state)
	}
	if state = job(suppression.BulkItem{Address: long}); state.Fault != "" || listed(t, c, nil) != "a@example.com COMPLAINT" {
		t.Errorf("after the deletion: %q, %+v", listed(t, c, nil), state)
	}
	if state, err := bulk.Status(t.Context(), "nobody's"); err != nil || !state.Over || state.Fault == "" {
		t.Errorf("an unknown job: %+v, %v", state, err)
	}
}

func TestBulkRefused(t *testing.T) {
	c, url := account(t, standin.Config{Sandbox: true})
	item := suppression.BulkItem{Address: address(t, secret), Reason: suppression.ListedBounce}
	_, err := ses.Bulk{Client: c, Bucket: "bulk", Objects: objects{url}}.Start(t.Context(), "one", []suppression.BulkItem{item})
	if !errors.Is(err, suppression.ErrNoBulk) {
		t.Errorf("sandbox: %v", err)
	}
	full, url := account(t, standin.Config{ImportDelay: time.Hour})
	bulk := ses.Bulk{Client: full, Bucket: "bulk", Objects: objects{url}}
	for range 20 {
		if _, err := bulk.Start(t.Context(), "one", []suppression.BulkItem{item}); err != nil {
			t.Fatal(err)
		}
	}
	_, err = bulk.Start(t.Context(), "one", []suppression.BulkItem{item})
	if !errors.Is(err, suppression.ErrThrottled) {
		t.Errorf("the 21st: %v", err)
	}
}

func FuzzFailedRecords(f *testing.F) {
	f.Add(`{"emailAddress":"a@example.com","errorMessage":"no"}`)
	f.Add(`"a@example.com",COMPLAINT,"Invalid a@example.com"`)
	f.Fuzz(func(t *testing.T, content string) {
		for a, why := range ses.FailedRecords([]byte(content)) {
			if a == (person.Address{}) || strings.Contains(why, "@") || why == "" || len(why) > 100 {
				t.Errorf("%q of %q", why, content)
			}
		}
	})
}
