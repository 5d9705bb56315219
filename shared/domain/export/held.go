package export

import (
	"slices"
	"time"

	"privacydesk/shared/domain/access"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/outbox"
	"privacydesk/shared/domain/request"
)

func optOutOf(o optout.Record) OptOut {
	out := OptOut{
		Scope: string(o.Scope), State: string(o.State), Version: o.Version, FirstAt: o.FirstAt.UTC(), OutSince: o.OutSince.UTC(),
		ChangedAt: o.ChangedAt.UTC(), Until: o.Until.UTC(), Source: string(o.Evidence.Source), Campaign: o.Evidence.Campaign,
		Form: o.Evidence.Form, Detail: o.Evidence.Detail, Name: o.Name, SoftDays: o.SoftDays, LiftedAt: o.LiftedAt.UTC(),
		ErasureRequestedAt: o.ErasureRequestedAt.UTC(), ErasureLanguage: o.ErasureLanguage,
		SES: string(o.Projection.Status), SESAt: o.Projection.At.UTC(), SESReason: o.Projection.Reason,
		ReducedAt: o.ReducedAt.UTC(), ErasedAt: o.ErasedAt.UTC(), Import: o.Trace.Import, ImportFirstAt: o.Trace.FirstAt.UTC(),
	}
	if o.Trace.Before != nil {
		before := optOutOf(*o.Trace.Before)
		out.Before = &before
	}
	return out
}

func fileOf(f request.File) RequestFile {
	r := f.Request
	out := RequestFile{
		Reference: r.ID, Kinds: r.Kinds, State: r.State, Name: r.Name, Post: r.Contact.Post(), Telephone: r.Contact.Telephone(), Details: r.Details, Place: r.Place.String(),
		OnBehalfOf: r.OnBehalfOf, Language: r.Language, Source: r.Source, ReceivedAt: r.ReceivedAt.UTC(),
		VerifiedAt: r.VerifiedAt.UTC(), ClosedAt: r.ClosedAt.UTC(), ReducedAt: r.ReducedAt.UTC(), Statement: r.Statement, Decision: given(f),
		Mails: []Mail{},
	}
	for _, n := range f.Letters {
		sent := n.SentAt.UTC()
		if n.State != outbox.Sent && n.State != outbox.Unknown {
			sent = time.Time{} // it ended without being sent
		}
		out.Mails = append(out.Mails, Mail{n.Template, n.State, sent, n.MessageID, n.Words})
	}
	return out
}

// given is the decision as the person was told it.
func given(f request.File) *decision.Decision {
	if f.Request.Decision == nil {
		return nil
	}
	d := *f.Request.Decision
	d.Answers = slices.Clone(d.Answers)
	for i, a := range d.Answers {
		if d.Answers[i].Outcome = access.Outcome(a, f.Systems); d.Answers[i].Outcome != a.Outcome {
			d.Outcome = decision.Partly
		}
	}
	return &d
}
