// Package disposal is the organisation's schedule of retention and disposal:
// for each class of record what starts its period, how long that is, what is
// done then and why (privacy policy, section G; Art. 5(1)(e) GDPR). Periods
// and reasons stand in desk.yaml, where a lawyer reads and changes them; what
// starts a class, what is done, and the bounds that no setting may leave stand
// in one table here.
// It must not read or write records: it says what is due, others look for it.
package disposal
