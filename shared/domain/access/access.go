// Package access is how a request for access is answered beside the data that the desk
// itself holds: by parts, one a system, each with its files or "nothing held" (Art. 15(3)
// GDPR); with what the law asks to be told about the processing (Art. 15(1) and (2)
// GDPR; Cal. Civ. Code 1798.110); and all of it in one archive. The package must not
// import AWS, net/http or HTML, nor know requests or where files are kept.
package access

import (
	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/ledger"
)

// Part is one system's part of an answer. The first is the desk's own: its System is "",
// and its files are those that officers add.
type Part struct {
	System string // of desk.yaml
	State  ledger.State
	Ground string // why a system gives nothing; see ledger.Outcome
	Files  []attachment.File
}
