package requests

import (
	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/draft"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/waiting"
)

type draftRow struct {
	Answers []decision.Answer `dynamodbav:"answers,omitempty"`
	By      string            `dynamodbav:"by,omitempty"`
	At      dynamo.Instant    `dynamodbav:"at,omitempty"`
	Way     *wayRow           `dynamodbav:"way,omitempty"`
	Stopped *stoppedRow       `dynamodbav:"stopped,omitempty"`
}

type wayRow struct {
	Act      draft.Act         `dynamodbav:"act"`
	When     draft.When        `dynamodbav:"when"`
	Seq      int               `dynamodbav:"seq"`
	By       string            `dynamodbav:"by"`
	At       dynamo.Instant    `dynamodbav:"at"`
	Needs    []foureyes.Act    `dynamodbav:"needs,omitempty"`
	SignedBy string            `dynamodbav:"signed_by,omitempty"`
	SignedAt dynamo.Instant    `dynamodbav:"signed_at,omitempty"`
	SendAt   dynamo.Instant    `dynamodbav:"send_at,omitempty"`
	Answers  []decision.Answer `dynamodbav:"answers,omitempty"`
	Held     bool              `dynamodbav:"held,omitempty"`
	State    lifecycle.State   `dynamodbav:"state,omitempty"`
	Replied  bool              `dynamodbav:"replied,omitempty"`
	Question *waiting.Waiting  `dynamodbav:"question,omitempty"` // nobody has been asked: it has no end
}

type stoppedRow struct {
	At    dynamo.Instant    `dynamodbav:"at"`
	Why   draft.CheckCode   `dynamodbav:"why"`
	Facts map[string]string `dynamodbav:"facts,omitempty"`
}

func draftItem(d *draft.Draft) *draftRow {
	if d == nil {
		return nil
	}
	row := &draftRow{Answers: d.Answers, By: d.By, At: dynamo.At(d.At)}
	if w := d.Way; w != nil {
		row.Way = &wayRow{
			w.Act, w.When, w.Seq, w.By, dynamo.At(w.At), w.Needs, w.SignedBy, dynamo.At(w.SignedAt), dynamo.At(w.SendAt), w.Answers, w.Held, w.State, w.Replied, w.Question,
		}
	}
	if s := d.Stopped; s != nil {
		row.Stopped = &stoppedRow{dynamo.At(s.At), s.Why, s.Facts}
	}
	return row
}

func (row *draftRow) read() *draft.Draft {
	if row == nil {
		return nil
	}
	d := &draft.Draft{Answers: row.Answers, By: row.By, At: row.At.Time()}
	if w := row.Way; w != nil {
		d.Way = &draft.Way{
			Act: w.Act, When: w.When, Seq: w.Seq, By: w.By, At: w.At.Time(), Needs: w.Needs, SignedBy: w.SignedBy, SignedAt: w.SignedAt.Time(), SendAt: w.SendAt.Time(),
			Answers: w.Answers, Held: w.Held, State: w.State, Replied: w.Replied, Question: w.Question,
		}
	}
	if s := row.Stopped; s != nil {
		d.Stopped = &draft.Stopped{At: s.At.Time(), Why: s.Why, Facts: s.Facts}
	}
	return d
}
