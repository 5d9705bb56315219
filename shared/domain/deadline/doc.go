// Package deadline computes the legal dates of a request: when its receipt must be confirmed, when it must be answered,
// when an opt-out must be in effect, when an appeal must be decided. Every period stands in law.yaml with its
// clause, its source and the text it was checked against; this package holds the arithmetic only. It must not
// import AWS, net/http or HTML, must not read a clock of its own, and must not know people: it sees kinds, places
// and instants.
//
// # Which law
//
// The law of the place that the person gives. Where it sets no date for a kind of request, or the place is not
// known, the question is widened, because everybody is promised an answer and "the more restrictive rules will be
// followed":
//
//	place known, its law has a clock        that law (basis "place")
//	country known, region not               the strictest of the country ("region_unknown")
//	the place's law has no such clock       the strictest of its country ("country"), then of all ("world")
//	place not known                         the strictest of all ("place_unknown")
//	no law knows the kind (paper notice)    the strictest answer to any kind ("any_kind")
//
// All but the first are borrowed dates: we keep them, and cite the law from which they come to nobody, because it
// does not apply to this person. Deadlines returns every clock of the place's own law and one borrowed date for what it
// leaves open, the strictest first. A regime counts from its first day in force, so laws that are enacted already may
// stand in the file.
//
// # How dates are counted
//
//	start       the local day of receipt; a request at 23:59 is of that day. The day is left out of the
//	            count, unless the clock says that the first day counts
//	months      the same date of the last month, or its last day: 31 January + 1 month is 28 or 29 February
//	extension   counted with the period in one piece from the start: 1 + 2 months are 3 months from receipt
//	business    weekends and the calendar's holidays are not counted
//	roll        a last day that is no working day gives way to the next working day, where the law says so
//	end         the last second of the local day, also where clocks are changed that night; hours are plain hours
//	whose day   counted with the controller's days and with those of the person's place; the earlier end is taken
//
// Where two readings of a law are possible the earlier date is taken. "controller" as a calendar is the one given to
// New: its public holidays move the end of a GDPR period only if they are holidays of the Member State in which the
// act is done (Art. 2(1) and 3(4) of Regulation 1182/71), so a controller outside the Union uses "weekends".
//
// # Stops and extensions
//
// A Case holds the facts: kinds, place, receipt, stops, extension. Pause, Resume and Extend add to them and refuse
// what no law of the place knows; clocks whose law does not know a cause run on. A stop or an extension works on a
// clock only if it came before that clock's end.
//
// # The law file
//
// law.yaml is the reviewed source, read by package lawfile; `go generate` writes law_data.go from it, because
// parsing it costs milliseconds at a cold start and Go data costs nothing. Book.WriteTable prints it for a lawyer,
// each figure with the text that it was checked against, or "unchecked":
//
//	go run ./shared/domain/deadline/lawgen -table shared/domain/deadline/law.yaml
package deadline

//go:generate go run ./lawgen law.yaml law_data.go

// Default is the law that the binary carries.
func Default() *Book { return &builtin }
