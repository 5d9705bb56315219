package dynamo

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"maps"
	"strings"
)

// One key of an index takes about 1,000 writes a second, and an index that is
// throttled throttles its table
// (docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html).
// So each kind of work, and each class of records, is spread over a fixed
// number of keys: "ses" stands as "ses#0" to "ses#f", and a row under the one
// that its own reference names. Only this file and index.go know of it: all
// others write a kind, and read a kind.
const shards = 16

// spreads are the attributes whose value is a kind: the keys of the indexes
// Pending and Disposal.
var spreads = []string{"pending", "disposal"}

// Spread is where a row stands in an index, for whoever writes rows by hand: its
// kind, and the shard that its reference names. The reference is that of the
// request (id), or of the person (ref) in the table of opt-outs.
func Spread(kind, reference string) string { return spread(kind, shard(reference)) }

func shard(reference string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(reference)) // never fails
	return int(h.Sum32() % shards)
}

// shardOf is the shard of a row, by its key.
func shardOf(key item) int { return shard(cmp.Or(key.str("id"), key.str("ref"))) }

// spread is a kind as it stands in a shard.
func spread(kind string, shard int) string { return fmt.Sprintf("%s#%x", kind, shard) }

// gather is the kind of what spread gave; "" stays "".
func gather(key string) string { return key[:max(0, strings.LastIndexByte(key, '#'))] }

// spreadRow spreads the kinds of a whole row.
func spreadRow(row item) item { return spreadNamed(row, row, "") }

// spreadValues spreads the kinds among the values of an update's expressions.
func spreadValues(values, key item) item {
	return spreadNamed(spreadNamed(values, key, ":"), key, ":if_")
}

func spreadNamed(values, key item, prefix string) item {
	for _, name := range spreads {
		if kind := values.str(prefix + name); kind != "" {
			values = maps.Clone(values)
			values[prefix+name] = str(spread(kind, shardOf(key)))
		}
	}
	return values
}
