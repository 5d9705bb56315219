// Package request holds data subject requests: what people may ask for, the
// states of a request, what may be decided and on which ground, and how
// requests of one person belong together. Dates come from shared/domain/deadline, the
// tamper-evident history from shared/domain/audit.
//
//	received ─────────▶ awaiting_verification ─▶ open ◀──────────▶ waiting_for_person
//	   ├▶ fulfilled (1)      ├▶ refused           ├▶ fulfilled          ├▶ refused
//	   └▶ open (2)           └▶ expired           ├▶ partly_fulfilled   └▶ expired
//	                                              └▶ refused
//
// Who does not answer in the days that desk.yaml gives them is expired, or the
// request resumes as open, where the law lets our clock stand still meanwhile
// (lapse.go). Where it does not, the officer must answer in time. What comes
// due is told to the officer (digest.go).
//
// A person may withdraw it in each of the four above. (1) Nothing but opt-outs was
// asked for: they are in effect at once. (2) An appeal is verified as the
// request was that it is about.
//
// Anybody can send a request in somebody's name. The person who confirms it is
// shown all that it says and confirms that, or what they make of it
// (confirm.go). The same sent twice is one request (repeat.go), and requests
// that nobody confirmed slow nobody: they are not read when another is taken in.
//
// An appeal is a request of its own, linked to the one it is about. The table
// of transitions (transitions.go) is the only place that allows one.
//
// What is closed is reduced in the end (reduce.go), when its period is over or
// the person is erased: kinds, dates, outcome and history are left, whose
// request it was is known by the keyed reference alone, and nothing more can be
// done about it.
//
// The package must not import AWS, net/http or HTML.
package request
