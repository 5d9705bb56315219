package people

import (
	"cmp"
	"net/http"
	"strconv"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/schedule"
	"privacydesk/shared/domain/staff"
)

func (d *Door) disposalRoutes() []route {
	return []route{{"GET /desk/disposal", staff.SeeRegister, d.showDisposal}, {"POST /desk/disposal", staff.SeeRegister, d.wasErased}}
}

// proofsShown is how many certificates a screen has.
const proofsShown = 25

func (d *Door) showDisposal(v *visit) {
	before := 0
	if text := v.r.URL.Query().Get("before"); text != "" {
		var err error
		if before, err = strconv.Atoi(text); err != nil || before < 1 {
			v.fail(fault.Field("before", "invalid", "before must be the number of a certificate"))
			return
		}
	}
	screen, err := d.disposals(v, before)
	if err != nil {
		v.fail(err)
		return
	}
	v.show(http.StatusOK, screen)
}

// disposals is the screen with the certificates before one, from the newest on for 0.
func (d *Door) disposals(v *visit, before int) (deskpage.Disposal, error) {
	screen := deskpage.Disposal{Before: before > 0, Rules: append(d.Rules.Rules(), d.Rules.Rule(schedule.ErasureOrder)), Certificates: []deskpage.Certificate{}}
	proofs, err := d.Proofs.Proofs(v.r.Context(), before, proofsShown)
	for _, p := range proofs {
		screen.Certificates = append(screen.Certificates, certificate(p.Said()))
	}
	if n := len(proofs); n == proofsShown && proofs[n-1].Entry.Seq > 1 {
		screen.Next = proofs[n-1].Entry.Seq
	}
	return screen, err
}

// wasErased says whether a person was erased. The address is looked up by its keyed reference, and shown to nobody.
func (d *Door) wasErased(v *visit) {
	typed, err := v.typed()
	var of person.Address
	if err == nil {
		of, err = address("address", typed.First("address"))
	}
	faults := deskpage.Faults(err, nil)
	var found casework.Person
	if err == nil {
		found, err = d.Cases.Person(v.r.Context(), d.Rights.Key.Ref(of))
	}
	screen, read := d.disposals(v, 0)
	switch screen.Faults = faults; {
	case read != nil, err != nil && len(faults) == 0:
		v.fail(cmp.Or(read, err))
	case len(faults) > 0:
		screen.Typed = typed
		v.show(http.StatusUnprocessableEntity, screen)
	default:
		screen.Erased = &deskpage.Erased{At: found.ErasedAt, OptOuts: len(found.Choices), Requests: len(found.Rows)}
		v.show(http.StatusOK, screen)
	}
}

func certificate(c disposal.Certificate) deskpage.Certificate {
	return deskpage.Certificate{
		Seq: c.Position.Seq, At: c.At, Class: c.Class, Deleted: c.Deleted, Reduced: c.Reduced, Cutoff: c.Cutoff, Backups: c.Backups, Last: c.Last,
	}
}
