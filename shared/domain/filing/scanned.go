package filing

import (
	"context"

	"privacydesk/shared/domain/attachment"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
)

// verdict is clean where nothing is scanned.
func (s *Service) verdict(ctx context.Context, a attachment.File) (attachment.Verdict, error) {
	if s.Verdict == nil || !a.FromOutside() {
		return attachment.Clean, nil
	}
	return s.Verdict(ctx, a.ID)
}

func threat(v attachment.Verdict) error {
	if v == attachment.Threat {
		return attachment.ErrThreat
	}
	return nil
}

// scanned deletes a file that is there and holds malware: a scan may end after the
// file was read. Where a legal hold keeps it, or none is known, it stays for Clean,
// and is not given out.
func (s *Service) scanned(ctx context.Context, f request.File, a attachment.File) (request.Step, attachment.File, error) {
	found, err := s.verdict(ctx, a)
	if err != nil || found != attachment.Threat || s.Holds == nil {
		return request.Step{}, a, err
	}
	held, err := s.Holds.KeptBack(ctx, &f.Request)
	if err != nil || len(held) > 0 {
		return request.Step{}, a, err
	}
	return s.refuse(ctx, f, a)
}

// refuse deletes the object first: what a crash leaves is a row, which leads here again.
// Archives that hold it leave.
func (s *Service) refuse(ctx context.Context, f request.File, a attachment.File) (request.Step, attachment.File, error) {
	if err := s.Objects.Delete(ctx, a.ID); err != nil {
		return request.Step{}, a, err
	}
	a, told := a.Refused(s.now()), facts(a)
	told["because"] = "malware"
	q, entry, err := request.Record(f.Request, lifecycle.EventFileGone, audit.BySystem, told, a.GoneAt, s.Random)
	return request.Step{Request: q, Events: []audit.Entry{entry}, Files: append([]attachment.File{a}, archives(f, s.now())...)}, a, err
}

// settle looks again at a file that nobody has checked yet, and at a proof.
func (s *Service) settle(ctx context.Context, f request.File, a attachment.File, holds Holds) (request.Step, attachment.File, error) {
	found, err := s.verdict(ctx, a)
	switch {
	case err != nil && !fault.Is(err, fault.NotFound):
		return request.Step{}, a, err
	case found == attachment.Threat:
		return s.unlessHeld(ctx, f, a, holds, s.refuse)
	case found == "" && err == nil, found == attachment.Unchecked, a.For == attachment.Proof:
		return quietly(f.Request, a.Later(s.now()))
	}
	return quietly(f.Request, a.Settled())
}
