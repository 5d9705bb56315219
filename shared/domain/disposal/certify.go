package disposal

import (
	"context"
	"time"

	"privacydesk/shared/domain/fault"
)

// certify proves what was done of a class since its last certificate. Of an
// order of erasure there is a certificate only where something was done:
// orders are looked for all day.
func (w *sweep) certify(ctx context.Context, i int) error {
	p := w.run.Classes[i]
	if w.dry || p.Class == ErasureOrder && p.Open.ended() == 0 {
		return w.save(ctx, func(r *Run) { r.Classes[i].Done = p.Swept })
	}
	for range holdTries {
		proof, err := w.proof(ctx, i)
		if err != nil {
			return err
		}
		err = w.Store.Certify(ctx, proof)
		if err == nil {
			w.run = proof.Run
			return nil
		}
		if fault.CodeOf(err) != fault.Conflict {
			return err
		}
		// The run was lost, or a repeat of the call met its own work.
		found, err := w.Store.Run(ctx)
		if err != nil || found.Version != w.run.Version {
			w.lost = true
			return errLost
		}
	}
	return errContended
}

// proof makes the certificate of a class and its place in the register.
func (w *sweep) proof(ctx context.Context, i int) (Proof, error) {
	p := w.run.Classes[i]
	names, err := w.Store.Names(ctx, w.run.ID, p.Class, p.Proven, p.Parts)
	if err != nil {
		return Proof{}, err
	}
	if len(names) != p.Open.ended() {
		return Proof{}, fault.New(fault.Internal, "run %s: %d names of %d disposals", w.run.ID, len(names), p.Open.ended())
	}
	head, err := w.Store.Head(ctx)
	if err != nil {
		return Proof{}, err
	}
	certificate, entry, err := Certificate{
		Issuer: w.Issuer, Run: w.run.ID, Class: p.Class, Period: p.Period, Action: p.Action, Cutoff: p.Cutoff, Counts: p.Open,
		Digest: Digest(names), Part: p.Proofs + 1, Last: p.Swept && !p.GaveUp, Build: w.Build, At: w.Now().UTC().Truncate(time.Millisecond),
	}.chain(head)
	if err != nil {
		return Proof{}, err
	}
	signed, err := w.Signer.Sign(certificate)
	if err != nil {
		return Proof{}, err
	}
	return Proof{Entry: entry, Certificate: signed, Run: w.advance(func(r *Run) {
		p := &r.Classes[i]
		p.Proven, p.Open, p.Done = p.Parts, Counts{}, p.Swept
		p.Proofs++
	})}, nil
}
