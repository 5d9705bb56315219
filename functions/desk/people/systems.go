package people

import (
	"context"
	"strconv"
	"strings"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/ledger"
	"privacydesk/shared/domain/request"
)

// deed is what is typed about a task of another system.
func (w doing) deed(a ledger.Act) (ledger.Deed, error) {
	task, system, chosen := strings.Cut(w.typed.First("which"), "/")
	if !chosen {
		return ledger.Deed{}, fault.Field("which", "unchosen", "which must be a task and its system, such as erasure/crm")
	}
	return ledger.Deed{Act: a, Task: ledger.Task(task), System: system, By: w.officer}, nil
}

func setSystem(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	d, err := w.deed(ledger.Set)
	if err != nil {
		return request.Request{}, err
	}
	if typed := w.typed.First("records"); typed != "" {
		if d.Records, err = strconv.Atoi(typed); err != nil {
			return request.Request{}, fault.Field("records", "invalid", "records must be a number")
		}
	}
	d.State = ledger.State(w.typed.First("outcome"))
	for name, to := range map[string]*string{"ground": &d.Ground, "why": &d.Why} {
		if *to, err = text(w.typed, name); err != nil {
			return request.Request{}, err
		}
	}
	return s.Ledger(ctx, w.id, d)
}

func tellSystem(ctx context.Context, s *request.Service, w doing) (request.Request, error) {
	d, err := w.deed(ledger.Again)
	if err != nil {
		return request.Request{}, err
	}
	return s.Ledger(ctx, w.id, d)
}

// systemTasks are those on which an act is possible.
func systemTasks(act string, with deskpage.Typed) func(*visit, *request.File) []deskpage.Choice {
	return func(v *visit, f *request.File) []deskpage.Choice {
		var all []deskpage.Choice
		for _, e := range f.Systems {
			typed := deskpage.Typed{"which": {deskpage.TaskOf(e)}}
			for name, value := range with {
				typed[name] = value
			}
			if _, err := v.try(f, acts[act], typed); err == nil {
				all = append(all, deskpage.Choice{Value: deskpage.TaskOf(e)})
			}
		}
		return all
	}
}
