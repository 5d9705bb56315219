// Package feed is what people have chosen, as a list of changes in the order in
// which they became known: other systems must know whom they must not contact.
//
// A record stands in the feed once, with what holds now, and moves to the end with
// each change that others must know of (optout.Record.FedAt). So the feed read from
// its beginning is the whole table, and whoever reads on from where they were gets
// all that has changed since, each at least once. A tombstone has left it: no
// address is left to tell of. So none is made before all systems of desk.yaml that are
// told of choices have read the record (Unread).
//
// The feed ends a Margin before now. A write takes its time before it is done, so
// one that is slow may enter behind others; the margin is longer than any write.
//
// Systems of desk.yaml that are told opt_out or opt_in read it by a Drain, in batches
// of up to 100, each by a cursor of its own. A batch that fails is told again with the
// same id; of what has changed since, a later batch tells.
//
// The package must not know how records are stored, nor how a system is told.
package feed
