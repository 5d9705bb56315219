package people

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"privacydesk/shared/adapter/deskpage"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/staff"
)

// letter shows the letter of the draft, or what is on its way.
func (d *Door) letter(v *visit) {
	f, ok := v.fileOf()
	switch {
	case !ok:
	case f.Request.Draft == nil:
		v.done(deskpage.DecidePath(f.Request.ID))
	default:
		v.showLetter(http.StatusOK, &f, false, nil)
	}
}

// showLetter shows it as it is now; change adds what is to be said beside.
func (v *visit) showLetter(status int, f *request.File, signing bool, change func(*deskpage.Letter)) {
	q := &f.Request
	screen := deskpage.Letter{
		Reference: q.ID, Seq: q.Head.Seq, Kinds: q.Kinds, To: q.Address.String(), Paper: q.Paper, Signing: signing,
		Effects: []draft.Effect{}, Checks: []draft.Check{}, LoginFrom: v.again(staff.Decide), Way: v.way(q.Draft), Parts: deskpage.AnswerParts(f),
	}
	if screen.Way != nil && screen.Way.Own {
		screen.Signing = false
	}
	if s := q.Draft.Stopped; s != nil {
		screen.Stopped = &draft.Check{Code: s.Why, Facts: s.Facts}
	}
	err := v.judge(&screen, f)
	if err != nil {
		v.fail(err)
		return
	}
	if screen.Signing {
		v.maySign(&screen, f)
	}
	if change != nil {
		change(&screen)
	}
	v.show(status, screen)
}

// maySign removes the button for whoever may not sign, and says why.
func (v *visit) maySign(screen *deskpage.Letter, f *request.File) {
	_, err := v.trial(f).Act(v.r.Context(), func(ctx context.Context, s *request.Service) (request.Request, error) {
		return s.Sign(ctx, f.Request.ID, v.officer(), screen.Way.Seq)
	})
	if fault.Is(err, fault.Conflict) {
		screen.Signing, screen.Refused = false, deskpage.RefusalOf(err)
	}
}

// way is what is on its way, for who looks.
func (v *visit) way(d *draft.Draft) *deskpage.Way {
	if !d.OnItsWay() {
		return nil
	}
	w := d.Way
	return &deskpage.Way{
		Act: string(w.Act), Seq: w.Seq, By: nameOf(w.By), Own: foureyes.Another(w.By, v.officer()) != nil, SignedBy: nameOf(w.SignedBy), SendAt: w.SendAt,
	}
}

// judge fills in what happens when it goes, whether it may, and the letter itself.
func (v *visit) judge(screen *deskpage.Letter, f *request.File) error {
	if w := f.Request.Draft.Way; w != nil && w.Act != draft.Decide {
		screen.Clean = true // the act itself says what stands against it
		if w.Question != nil {
			screen.Question, screen.Fee = w.Question.Question, w.Question.Fee.String()
		}
		return nil
	}
	by := v.officer()
	if w := f.Request.Draft.Way; w != nil {
		by = w.By // whoever looks: it is their answer
	}
	plan, after, err := v.Rights.Preview(v.r.Context(), f.Request.ID, by)
	if err != nil {
		return err
	}
	screen.Effects, screen.Checks, screen.Needs = plan.Effects, plan.Checks, plan.Needs
	screen.Clean = plan.Clean()
	screen.Now, _ = time.Parse(time.RFC3339, plan.Times[draft.Now])
	screen.Morning, _ = time.Parse(time.RFC3339, plan.Times[draft.Morning])
	if !screen.Clean {
		return nil
	}
	return v.write(screen, after)
}

// write puts the letter on the screen: in the person's language, and in that of who looks.
func (v *visit) write(screen *deskpage.Letter, after request.Request) error {
	theirs, err := v.Letter(v.r.Context(), after, after.Language)
	if err != nil {
		return err
	}
	screen.Theirs = &theirs
	if own := v.texts.Lang(); own != theirs.Lang {
		translated, err := v.Letter(v.r.Context(), after, own)
		screen.Own = &translated
		return err
	}
	return nil
}

// nameOf is the name of an officer as the records name them, "" for one without a name.
func nameOf(officer string) string {
	name, _, named := strings.Cut(officer, "/")
	if !named {
		return ""
	}
	return name
}

// send puts the letter on its way.
func (d *Door) send(v *visit) {
	v.onLetter(false, true, func(s *request.Service, t deskpage.Typed) (request.Request, error) {
		return s.Send(v.r.Context(), v.r.PathValue("id"), v.officer(), draft.When(t.First("when")))
	})
}

// looked notes for which laws the officer has looked at the files for the person.
func (d *Door) looked(v *visit) {
	v.onLetter(false, true, func(s *request.Service, t deskpage.Typed) (request.Request, error) {
		looked := *s
		if looked.LookedFor = t["law"]; len(looked.LookedFor) == 0 {
			return s.Store.Load(v.r.Context(), v.r.PathValue("id"))
		}
		return looked.SaveDraft(v.r.Context(), v.r.PathValue("id"), v.officer())
	})
}

// callBack takes back what is on its way. It may be done with a page however old: nothing goes by it.
func (d *Door) callBack(v *visit) {
	v.onLetter(false, false, func(s *request.Service, _ deskpage.Typed) (request.Request, error) {
		return s.CallBack(v.r.Context(), v.r.PathValue("id"), v.officer())
	})
}

// signForm shows a colleague what waits for their signature.
func (d *Door) signForm(v *visit) {
	f, ok := v.fileOf()
	switch {
	case !ok:
	case !f.Request.Draft.ToSign():
		v.done(deskpage.FilePath(f.Request.ID))
	default:
		v.showLetter(http.StatusOK, &f, true, nil)
	}
}

func (d *Door) sign(v *visit) {
	v.onLetter(true, true, func(s *request.Service, t deskpage.Typed) (request.Request, error) {
		of, _ := strconv.Atoi(t.First("of")) // nothing was asked for by what is no number
		return s.Sign(v.r.Context(), v.r.PathValue("id"), v.officer(), of)
	})
}

// onLetter carries out what was asked for on the page of a letter; fresh: only if nothing has happened since it was shown.
func (v *visit) onLetter(signing, fresh bool, do func(*request.Service, deskpage.Typed) (request.Request, error)) {
	f, ok := v.fileOf()
	if !ok {
		return
	}
	p, ok := v.posted(&f)
	if !ok {
		return
	}
	if !fresh {
		p = posted{typed: p.typed, service: v.Rights}
	}
	q, err := request.Request{}, p.err
	if err == nil && len(p.since) == 0 {
		q, err = do(p.service, p.typed)
	}
	switch {
	case err != nil:
		v.refuseLetter(&f, signing, err)
	case len(p.since) > 0:
		v.again409(&f, signing, p.since)
	default:
		slog.InfoContext(v.r.Context(), "officer acted", "request", q.ID, "act", v.r.URL.Path[strings.LastIndexByte(v.r.URL.Path, '/')+1:], "state", q.State)
		v.done(v.after(&q))
	}
}

// after is where an act on a letter leads: to the letter while it waits, to the file otherwise.
func (v *visit) after(q *request.Request) string {
	switch {
	case q.Draft.OnItsWay() || strings.HasSuffix(v.r.URL.Path, "/looked"):
		return deskpage.LetterPath(q.ID)
	case q.Draft != nil && q.State != lifecycle.WaitingForPerson && len(q.Draft.Answers) > 0:
		return deskpage.DecidePath(q.ID)
	}
	return deskpage.FilePath(q.ID) + "#history"
}

func (v *visit) refuseLetter(f *request.File, signing bool, err error) {
	switch status := fault.Status(err); {
	case status >= 500:
		v.fail(err)
		return
	case f.Request.Draft == nil: // there is no letter any more
		v.message(status, deskpage.Message{Code: "conflict", Why: deskpage.RefusalOf(err), Back: deskpage.FilePath(f.Request.ID)})
		return
	}
	v.showLetter(fault.Status(err), f, signing && f.Request.Draft.ToSign(), func(l *deskpage.Letter) { l.Refused = deskpage.RefusalOf(err) })
}

// again409 shows the letter as it is now, with what happened since it was shown.
func (v *visit) again409(f *request.File, signing bool, since []deskpage.Happened) {
	if f.Request.Draft == nil {
		v.refuseLetter(f, signing, fault.New(fault.Conflict, "there is nothing to send any more").Because("no_draft"))
		return
	}
	v.showLetter(http.StatusConflict, f, signing && f.Request.Draft.ToSign(), func(l *deskpage.Letter) { l.Happened = since })
}
