// Package suppression keeps the SES suppression list a projection of the
// opt-outs: whoever must not be mailed is on it, and nobody else.
//
// Syncer syncs each record that is due with SES, one call at a time, and hands a
// large backlog over as bulk jobs. Reconciler reads the whole list once a day
// and repairs what differs; Drift is its report.
//
// The package must not record a choice of a person, except what SES has listed
// and nobody has reported. It must not import AWS, net/http or HTML, and it
// knows no requests.
package suppression
