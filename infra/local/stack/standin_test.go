package stack

import (
	"testing"

	"privacydesk/shared/testkit"
)

func TestBucketsExpireAsTheTemplateSays(t *testing.T) {
	whole := testkit.Template(t)
	days, err := lifecycles(whole)
	if buckets := len(whole.ByType("AWS::S3::Bucket")); err != nil || len(days) != buckets || days["BulkBucket"] != 1 {
		t.Errorf("%v, %v of %d buckets", err, days, buckets)
	}
}
