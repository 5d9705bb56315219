// Package intake holds the words of which a request is made: what a person asks
// for, on whose behalf, which proofs that needs, and the way it reached us. It
// must not know the states of a request, nor when an answer is due.
package intake

import (
	"slices"
	"strings"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/optout"
)

// Kind is what a person asks for.
type Kind = deadline.Kind

// kindRule says how a kind is treated.
type kindRule struct {
	kind Kind
	// optsOut are the scopes that are out at once, without verification
	// (Art. 21(3) GDPR, 11 CCR 7060(b)).
	optsOut []optout.Scope
	// instant: nothing else is to be done for it.
	instant bool
	// exports: the person gets what we hold.
	exports bool
	// erases: granting it may order the erasure of the person.
	erases bool
	// unconfirmed: the law gives it effect without proof of who asks, so that it
	// does not end because nobody opened a link: an officer looks at it.
	unconfirmed bool
	// disputable: refusing it records the person's disagreement (policy,
	// section F) and offers restriction.
	disputable bool
}

var everyChannel = []optout.Scope{optout.Email.Scope(), optout.SMS.Scope(), optout.Phone.Scope(), optout.Post.Scope()}

var kindRules = []kindRule{
	{kind: deadline.Access, exports: true},
	{kind: deadline.Correction, disputable: true},
	{kind: deadline.Erasure, erases: true, disputable: true},
	{kind: deadline.Objection, optsOut: everyChannel, instant: true},
	{kind: deadline.Restriction},
	{kind: deadline.Portability, exports: true},
	{kind: deadline.WithdrawConsent},
	{kind: deadline.OptOutOfSale, optsOut: []optout.Scope{optout.Sale.Scope()}, instant: true},
	{kind: deadline.Information},
	{kind: deadline.ChildErasure, erases: true, disputable: true},
	{kind: deadline.AutomatedAccess},
	{kind: deadline.AutomatedOptOut, unconfirmed: true}, // 11 CCR 7221(f)
	{kind: deadline.Complaint, unconfirmed: true},       // section 164A Data Protection Act 2018
	{kind: deadline.PaperNotice},
}

// Kinds lists what can be asked for, in the order in which people are shown it.
func Kinds() []Kind {
	kinds := make([]Kind, len(kindRules))
	for i, r := range kindRules {
		kinds[i] = r.kind
	}
	return kinds
}

func rule(k Kind) kindRule {
	for _, r := range kindRules {
		if r.kind == k {
			return r
		}
	}
	return kindRule{}
}

// ParseKind reads a kind as forms send it.
func ParseKind(text string) (Kind, error) {
	if slices.Contains(Kinds(), Kind(text)) {
		return Kind(text), nil
	}
	return "", fault.Unknown("kind", "kind of request", Kinds()...)
}

// Asked are the kinds that a form asks for: the browser's signal Global Privacy
// Control is a request to opt out of sale, whatever else is asked (11 CCR 7025).
func Asked(kinds []Kind, gpc bool) []Kind {
	if gpc {
		return append(kinds, deadline.OptOutOfSale)
	}
	return kinds
}

// NothingAsked is the fault of a request without a kind.
func NothingAsked(field string) error {
	return fault.Field(field, "missing", "choose at least one request")
}

// needsWords are the kinds that nobody can grant without being told more.
var needsWords = []Kind{deadline.Correction, deadline.PaperNotice, deadline.Complaint}

// Incomplete is the fault of a form that lacks what its kinds need: the words
// that say what is to be done, and for whom a child's data is to be deleted.
func Incomplete(kinds []Kind, who Behalf, details string) error {
	wanting := func(k Kind) bool { return slices.Contains(needsWords, k) }
	if slices.ContainsFunc(kinds, wanting) && strings.TrimSpace(details) == "" {
		return fault.Field("details", "missing", "details must say what is wrong and what is right, what the complaint is about, or the postal address")
	}
	if slices.Contains(kinds, deadline.ChildErasure) && who == Self {
		return fault.Field("on_behalf_of", "conflict", "on_behalf_of must be parent where a child's data is to be deleted")
	}
	return nil
}

// OptOutsOf are the scopes that kinds put out at once, each once.
func OptOutsOf(kinds []Kind) []optout.Scope {
	var scopes []optout.Scope
	for _, k := range kinds {
		scopes = append(scopes, rule(k).optsOut...)
	}
	slices.Sort(scopes)
	return slices.Compact(scopes)
}

// Stopped is OptOutsOf for a person of whom we know a mailbox, or none: what is
// not known is not taken off any list.
func Stopped(kinds []Kind, mailbox bool) []optout.Scope {
	return slices.DeleteFunc(OptOutsOf(kinds), func(s optout.Scope) bool { return !mailbox && s.Channel() == optout.Email })
}

// Codes are kinds, scopes or proofs as the plain texts that pages and mails
// take.
func Codes[S ~string](list []S) []string {
	texts := make([]string, len(list))
	for i, s := range list {
		texts[i] = string(s)
	}
	return texts
}

// Exports reports whether the person gets what we hold.
func Exports(kinds []Kind) bool {
	return slices.ContainsFunc(kinds, func(k Kind) bool { return rule(k).exports })
}

// Erases reports whether granting the kinds may order the person's erasure.
func Erases(kinds []Kind) bool {
	return slices.ContainsFunc(kinds, func(k Kind) bool { return rule(k).erases })
}

// Unconfirmed reports whether a request for the kinds counts before the person
// confirms it.
func Unconfirmed(kinds []Kind) bool {
	return slices.ContainsFunc(kinds, func(k Kind) bool { return rule(k).unconfirmed })
}

// Disputable reports whether refusing the kinds records the person's
// disagreement and offers restriction (policy, "Update your information").
func Disputable(kinds []Kind) bool {
	return slices.ContainsFunc(kinds, func(k Kind) bool { return rule(k).disputable })
}

// Instant reports whether nothing but opt-outs, which are in effect at once, is
// to be done for a kind.
func Instant(k Kind) bool { return rule(k).instant }
