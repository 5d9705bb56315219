package main

import (
	"slices"

	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/inbox"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/quota"
	"privacydesk/shared/domain/request"
)

// kinds are what a mail asks for, by the words of its subject.
var kinds = map[inbox.Intent]intake.Kind{
	inbox.Erase: deadline.Erasure, inbox.See: deadline.Access, inbox.Correct: deadline.Correction, inbox.Carry: deadline.Portability, inbox.Restrict: deadline.Restriction,
	inbox.Withdraw: deadline.WithdrawConsent, inbox.Object: deadline.Objection, inbox.Contest: deadline.Objection, inbox.NoSale: deadline.OptOutOfSale,
	inbox.NoRobot: deadline.AutomatedOptOut, inbox.Complain: deadline.Complaint,
}

const maxSubject = 200 // characters

// intakeOf is the request that a mail makes. Kinds are those beyond doubt; where
// there may be more, the person says so when they confirm. An opt-out is beyond
// doubt only where it may take effect at once.
func intakeOf(d inbox.Decision) request.Intake {
	in := request.Intake{
		Address: d.Address, KindsUnsure: !d.Clear(), OnBehalfOf: intake.Self, Source: intake.FromMail, Details: person.CleanText(d.Subject, maxSubject), Kept: d.Kept, Recorded: true, Authentic: d.Proven,
	}
	for _, intent := range d.Sure {
		in.Kinds = append(in.Kinds, kinds[intent])
	}
	if !d.AtOnce {
		sure := len(in.Kinds)
		in.Kinds = withoutOptOuts(in.Kinds)
		in.KindsUnsure = in.KindsUnsure || len(in.Kinds) < sure
	}
	if !in.KindsUnsure && !slices.ContainsFunc(d.Sure, func(w inbox.Intent) bool { return w != inbox.Object && w != inbox.NoSale }) {
		in.Details = "" // it says no more than the kind; words make a human read an objection
	}
	return in
}

func withoutOptOuts(kinds []intake.Kind) []intake.Kind {
	return slices.DeleteFunc(slices.Clone(kinds), func(k intake.Kind) bool { return len(intake.OptOutsOf([]intake.Kind{k})) > 0 })
}

// limit counts the mails of a day by what they ask for. What somebody else may
// have sent, or was kept, does not count against the author's own.
func limit(in request.Intake, author string) quota.Limit {
	about := intake.Codes(in.Kinds)
	for word, holds := range map[string]bool{"unsure": in.KindsUnsure, "kept": in.Kept, "authentic": in.Authentic} {
		if holds {
			about = append(about, word)
		}
	}
	return quota.MailRequests(author, about...)
}
