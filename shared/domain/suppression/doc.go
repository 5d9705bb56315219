// Package suppression keeps the SES suppression list a projection of the
// opt-outs: it holds the people who must not be mailed, and no others.
//
// Syncer syncs each record that is due with SES, one call at a time, and hands a
// large backlog over as bulk jobs. Reconciler reads the whole list once a day
// and repairs what differs; Drift is its report.
//
// The package must not record a choice of a person, except an entry of SES that no
// event has reported. It must not import AWS, net/http or HTML, and it
// knows no requests.
package suppression
