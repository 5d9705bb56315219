package access

import (
	"bytes"
	"slices"

	"privacydesk/shared/domain/deadline"
)

// What must never be disclosed in answer to a request to know (11 CCR 7024(d); the laws
// of two other States say nearly the same); see deadline.WithheldData.
const (
	socialSecurity   = "social_security_number"
	governmentID     = "government_id" // a driver's licence, a passport and the like
	financialAccount = "financial_account"
	healthID         = "health_id" // of a health insurance, or a medical record
	password         = "account_password"
	securityQuestion = "security_question" // and its answer
	biometric        = "biometric"
)

// Scan returns the kinds of what must never be disclosed that a text seems to hold: numbers
// that prove themselves by their form and checksum, and what a label, a field or a column
// says that it is. It is a help for who looks, and no proof that nothing is there.
func Scan(text []byte) []string {
	found := map[string]bool{}
	scanNumbers(text, found)
	scanLabels(text, found)
	for line := range bytes.Lines(text) {
		scanFields(line, found)
	}
	scanColumns(text, found)
	return slices.DeleteFunc(slices.Clone(deadline.WithheldData), func(kind string) bool { return !found[kind] })
}
