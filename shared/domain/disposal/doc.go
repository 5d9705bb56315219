// Package disposal deletes or reduces the records whose period is over, and
// erases people, with proof.
//
// A sweep walks the index of what is due, class by class. It leaves out what a
// legal hold covers, what somebody must be told of first, and what has changed.
// The rest goes in transactions of at most 96 rows. Each transaction carries its
// own proof: it moves the head of the history "disposals" on, and writes a
// signed certificate of what goes. It also checks that no hold was placed or
// lifted meanwhile, and that each record is as it was read.
//
// Nothing else is stored. Killed anywhere, the index still leads to what is
// left. Two sweeps at once collide at the head of the history or at a record.
//
// The package decides what becomes of a record; stores read and write. It must
// not know how records are stored.
package disposal
