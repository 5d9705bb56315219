package optouts

import (
	"fmt"
	"strings"
	"testing"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/suppression"
	"privacydesk/shared/testkit"
)

// A second with 10,000 opt-outs: no key of an index takes 1,000 writes.
func TestNoKeyTakesAThousandWrites(t *testing.T) {
	for what, most := range writesAKey(t) {
		t.Logf("%s: %d writes of the key that takes most", what, most)
		if most >= 1_000 {
			t.Errorf("%s: %d", what, most)
		}
	}
}

// BenchmarkWritesAKey prints the same.
func BenchmarkWritesAKey(b *testing.B) {
	var largest map[string]int
	for b.Loop() {
		largest = writesAKey(b)
	}
	for what, most := range largest {
		b.ReportMetric(float64(most), strings.ReplaceAll(what, " ", "-")+"/s")
	}
	b.ReportMetric(0, "ns/op")
}

// writesAKey counts what 10,000 opt-outs of people with random references write
// to each key of an index, and returns the largest count.
func writesAKey(tb testing.TB) map[string]int {
	tb.Helper()
	const people = 10_000
	counts := map[string]map[string]int{}
	write := func(what, key string) {
		if counts[what] == nil {
			counts[what] = map[string]int{}
		}
		counts[what][key]++
	}
	key := testkit.Key(tb)
	for n := range people {
		a := testkit.Address(tb, fmt.Sprintf("person.%d@example.com", n))
		k := optout.Key{Ref: key.Ref(a), Scope: "email"}
		out := optout.Change{Key: k, To: optout.Out, Address: a, Evidence: optout.Evidence{Source: optout.FromOneClick, At: testkit.T0}}.Patch()
		values := dynamo.Item(dynamo.Table{Name: "table"}.UpdateWrite(Key(k), out).Update.ExpressionAttributeValues)
		write("opt-out, index Pending", values.Str(":pending"))
		write("opt-out, index Disposal", values.Str(":disposal"))
		write("opt-out, index Changes", values.Str(":feed"))
		// A time that moves is two writes: the row leaves one place and enters another, of the same key.
		for range 2 {
			write("opt-out again, index Pending", values.Str(":pending"))
			write("opt-out again, index Disposal", values.Str(":disposal"))
			write("opt-out again, index Changes", values.Str(":feed"))
		}
		// A mark takes the row out of Pending, and Disposal has pending among its attributes.
		write("sync mark, index Pending", values.Str(":pending"))
		write("sync mark, index Disposal", values.Str(":disposal"))
		job := Key(k)
		job["pending"] = dynamo.Str(suppression.PendingJob + "id")
		write("bulk job, index Pending", dynamo.Item(dynamo.Table{Name: "table"}.PutWrite(job).Put.Item).Str("pending"))
	}
	largest := map[string]int{}
	for what, keys := range counts {
		for _, n := range keys {
			largest[what] = max(largest[what], n)
		}
		if len(keys) != 32 {
			tb.Errorf("%s: %d keys", what, len(keys))
		}
	}
	return largest
}
