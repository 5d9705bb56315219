// Package schedule is the organisation's retention schedule (privacy policy,
// section G; Art. 5(1)(e) GDPR). For each class of record it says what starts
// the period, how long the period is, what happens at its end, and why.
//
// Periods and reasons stand in desk.yaml, where a lawyer reads and changes
// them. The table of classes in class.go holds the rest, with the bounds that
// no setting may leave. Days are those of the organisation's calendar
// (package civil).
//
// The package must not read or write records, and must not know the packages
// whose records it names: they know it.
package schedule
