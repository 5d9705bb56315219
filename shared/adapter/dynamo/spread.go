package dynamo

import (
	"cmp"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
)

// One key of an index takes about 1,000 writes a second, and an index that is
// throttled throttles its table
// (docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html).
// So each kind of work, and each class of records, is spread over a fixed
// number of keys: "ses" stands as "ses#0" to "ses#v", and a row under the one
// that its own reference names. Only this file and index.go know of it: all
// others write a kind, and read a kind. The reference is that of the request
// (id), or of the person (ref) in the table of opt-outs. An opt-out that is
// repeated costs two writes a key, since its time moves; 32 keys bear 10,000 of
// those a second.
const shards = 32

func shard(reference string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(reference)) // never fails
	return int(h.Sum32() % shards)
}

// shardOf is the shard of a row, by its key.
func shardOf(key Item) int { return shard(cmp.Or(key.Str("id"), key.Str("ref"))) }

// spread is a kind as it stands in a shard.
func spread(kind string, shard int) string {
	return kind + "#" + "0123456789abcdefghijklmnopqrstuv"[shard:shard+1]
}

// gather is the kind of what spread gave; "" stays "".
func gather(key string) string { return key[:max(0, strings.LastIndexByte(key, '#'))] }

// spreads are the attributes whose kinds are spread.
var spreads = []string{"pending", "disposal", "feed"}

// spreadRow spreads the kinds of a whole row.
func spreadRow(row Item) Item {
	return spreadNamed(row, row, func(name string) string { return name })
}

// spreadValues spreads the kinds among the values of an update's expressions,
// of those that it sets (":pending") and of those that it wants to find
// (":if_pending", ":if1_pending").
func spreadValues(values, key Item) Item {
	return spreadNamed(values, key, func(name string) string {
		if attr, wanted := strings.CutPrefix(strings.TrimLeft(strings.TrimPrefix(name, ":if"), "0123456789"), "_"); wanted {
			return attr
		}
		return strings.TrimPrefix(name, ":")
	})
}

func spreadNamed(values, key Item, attr func(name string) string) Item {
	out := maps.Clone(values) // a row is written again after a conflict
	for name := range values {
		if kind := values.Str(name); kind != "" && slices.Contains(spreads, attr(name)) {
			out[name] = Str(spread(kind, shardOf(key)))
		}
	}
	return out
}
