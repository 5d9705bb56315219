package ses_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit/standin"
)

// shelf is a bucket that takes everything.
type shelf struct{}

func (shelf) Put(context.Context, string, []byte) error { return nil }
func (shelf) Fetch(context.Context, string) ([]byte, error) {
	return nil, errors.New("there is nothing")
}
func items(t testing.TB, reason suppression.ListReason) []suppression.BulkItem {
	return []suppression.BulkItem{{Address: address(t, "z@example.com"), Reason: reason}}
}

// A job whose answer got lost is found again by the name of its object.
func TestAJobIsFoundByItsName(t *testing.T) {
	c, _ := account(t, standin.Config{ImportDelay: time.Hour})
	bulk := ses.Bulk{Client: c, Bucket: "bucket", Objects: shelf{}}
	begun := time.Now()
	names := map[string]string{}
	for name, reason := range map[string]suppression.ListReason{"one": suppression.ListedComplaint, "two": suppression.NotListed, "three": suppression.ListedBounce} {
		id, err := bulk.Start(t.Context(), name, items(t, reason))
		if err != nil {
			t.Fatal(err)
		}
		names[name] = id
	}
	names["four"] = "" // never begun
	for name, want := range names {
		if got, err := bulk.Find(t.Context(), name, begun); err != nil || got != want {
			t.Errorf("%s: found %q, want %q, %v", name, got, want, err)
		}
	}
	other := ses.Bulk{Client: c, Bucket: "another", Objects: shelf{}}
	if got, err := other.Find(t.Context(), "one", begun); got != "" || err != nil {
		t.Errorf("another stack's job: %q, %v", got, err)
	}
	if got, err := bulk.Find(t.Context(), "one", begun.Add(time.Hour)); got != "" || err != nil {
		t.Errorf("a job of the past: %q, %v", got, err)
	}
}

// Those of other days may fill a page before it.
func TestAJobIsFoundOnALaterPage(t *testing.T) {
	c, _ := account(t, standin.Config{ImportDelay: time.Nanosecond})
	bulk := ses.Bulk{Client: c, Bucket: "bucket", Objects: shelf{}}
	begun := time.Now().Add(-time.Second)
	want, err := bulk.Start(t.Context(), "first", items(t, suppression.ListedComplaint))
	if err != nil {
		t.Fatal(err)
	}
	for range 120 {
		_, err := c.CreateImportJob(t.Context(), &sesv2.CreateImportJobInput{
			ImportDataSource:  &types.ImportDataSource{S3Url: aws.String("s3://bucket/others"), DataFormat: types.DataFormatJson},
			ImportDestination: &types.ImportDestination{SuppressionListDestination: &types.SuppressionListDestination{SuppressionListImportAction: types.SuppressionListImportActionPut}},
		})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond) // for the job before to end
	}
	if got, err := bulk.Find(t.Context(), "first", begun); err != nil || got != want {
		t.Errorf("found %q, want %q, %v", got, want, err)
	}
}

// SES that does not answer has said nothing.
func TestNoAnswerIsNoAnswer(t *testing.T) {
	bulk := ses.Bulk{Client: client("http://127.0.0.1:1"), Bucket: "bucket", Objects: shelf{}}
	if got, err := bulk.Find(t.Context(), "one", time.Now()); got != "" || err == nil {
		t.Errorf("found %q, %v", got, err)
	}
}
