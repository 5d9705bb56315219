package standin

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
)

// A reconciliation walks a list of a million entries while others change it; this
// says what a page of it costs.
func BenchmarkPageOfAMillion(b *testing.B) {
	srv := start(b, Config{})
	l := srv.srv.st.list("")
	for i := range 1_000_000 {
		l.put(entry{Address: fmt.Sprintf("person%07d@example.com", i), Reason: "COMPLAINT"})
	}
	in := &sesv2.ListSuppressedDestinationsInput{PageSize: aws.Int32(1000)}
	srv.addressesOnce(b, in)
	b.ResetTimer()
	for i := range b.N {
		srv.put(b, fmt.Sprintf("late%d@example.com", i), types.SuppressionListReasonComplaint)
		in.NextToken = srv.addressesOnce(b, in)
	}
}

func (b *bench) addressesOnce(t testing.TB, in *sesv2.ListSuppressedDestinationsInput) *string {
	t.Helper()
	out, err := b.ListSuppressedDestinations(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return out.NextToken
}
