package dynamo

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
)

// requestRow is the row of a request, as its attributes are named.
type requestRow struct {
	ID      string         `dynamodbav:"id"`
	Row     string         `dynamodbav:"row"`
	Ref     person.Ref     `dynamodbav:"ref,omitempty"`
	Stands  string         `dynamodbav:"standing"` // index Person: confirmed or not, and since when
	Version int            `dynamodbav:"version"`
	Kinds   []request.Kind `dynamodbav:"kinds"`
	Unsure  bool           `dynamodbav:"kinds_unsure,omitempty"`
	State   request.State  `dynamodbav:"state"`

	Address    string         `dynamodbav:"address,omitempty"`
	Name       string         `dynamodbav:"name,omitempty"`
	Details    string         `dynamodbav:"details,omitempty"`
	Country    string         `dynamodbav:"country,omitempty"`
	Region     string         `dynamodbav:"region,omitempty"`
	OnBehalfOf request.Behalf `dynamodbav:"on_behalf_of,omitempty"`
	Language   string         `dynamodbav:"language,omitempty"`
	Source     request.Source `dynamodbav:"source"`
	GPC        bool           `dynamodbav:"gpc,omitempty"`

	ReceivedAt instant `dynamodbav:"received_at"`
	ClockFrom  instant `dynamodbav:"clock_from"`
	AskedAt    instant `dynamodbav:"asked_at,omitempty"`
	VerifyBy   instant `dynamodbav:"verify_by,omitempty"`
	VerifiedAt instant `dynamodbav:"verified_at,omitempty"`
	ClosedAt   instant `dynamodbav:"closed_at,omitempty"`
	Resent     int     `dynamodbav:"resent,omitempty"`

	Pauses    []pauseRow    `dynamodbav:"pauses,omitempty"`
	Extension *extensionRow `dynamodbav:"extension,omitempty"`
	ExtWhy    string        `dynamodbav:"extension_why,omitempty"`
	Watch     string        `dynamodbav:"watch,omitempty"` // index Due: set while something is due
	DueAt     instant       `dynamodbav:"due_at,omitempty"`

	LinkedTo  string           `dynamodbav:"linked_to,omitempty"`
	AppealOf  string           `dynamodbav:"appeal_of,omitempty"`
	Repeated  bool             `dynamodbav:"repeated,omitempty"`
	Waiting   *request.Waiting `dynamodbav:"waiting,omitempty"`
	Decision  *decisionRow     `dynamodbav:"decision,omitempty"`
	Statement string           `dynamodbav:"statement,omitempty"`
	WaitUntil instant          `dynamodbav:"wait_until,omitempty"`
	AnswerDue instant          `dynamodbav:"answer_due_at,omitempty"` // where due_at is wait_until: the date that stands still
	Reminded  *reminderRow     `dynamodbav:"reminded,omitempty"`
	Look      string           `dynamodbav:"look,omitempty"` // index Look: set while an officer must look
	LookAt    instant          `dynamodbav:"look_at,omitempty"`
	LookWhy   request.LookWhy  `dynamodbav:"look_why,omitempty"`
	LookTold  *reminderRow     `dynamodbav:"look_told,omitempty"`

	ExportUntil  instant `dynamodbav:"export_until,omitempty"`
	Fetched      int     `dynamodbav:"fetched,omitempty"`
	FetchedAt    instant `dynamodbav:"fetched_at,omitempty"`
	MailFailedAt instant `dynamodbav:"mail_failed_at,omitempty"`
	EraseFrom    instant `dynamodbav:"erase_from,omitempty"`
	ReducedAt    instant `dynamodbav:"reduced_at,omitempty"`
	Disposal     string  `dynamodbav:"disposal,omitempty"` // index Disposal: its class, and what starts the period
	DisposalAt   instant `dynamodbav:"disposal_at,omitempty"`
	HeadSeq      int     `dynamodbav:"head_seq"`
	HeadHash     string  `dynamodbav:"head_hash"`
}

type pauseRow struct {
	Cause deadline.Cause `dynamodbav:"cause"`
	From  instant        `dynamodbav:"from"`
	Until instant        `dynamodbav:"until,omitempty"`
}

type extensionRow struct {
	Reason deadline.Reason `dynamodbav:"reason"`
	Notice instant         `dynamodbav:"notice_sent_at"`
}

type reminderRow struct {
	DueAt instant `dynamodbav:"due_at"`
	Step  int     `dynamodbav:"step"`
}

type decisionRow struct {
	Outcome     decision.Outcome `dynamodbav:"outcome"`
	Grounds     []decision.Given `dynamodbav:"grounds,omitempty"`
	Explanation string           `dynamodbav:"explanation,omitempty"`
	At          instant          `dynamodbav:"at"`
}

// instant is a time as all rows write it: text that sorts, and is left out
// when it is zero.
type instant string

func at(t time.Time) instant {
	if t.IsZero() {
		return ""
	}
	return instant(t.UTC().Format(timeFormat))
}

func (i instant) time() time.Time {
	t, err := time.Parse(timeFormat, string(i))
	if err != nil {
		return time.Time{}
	}
	return t
}

const requestRowName = "request"

// The index Person tells requests that somebody confirmed from those that
// anybody can send, so that these are not read with them.
const (
	confirmedStanding   = "confirmed#"
	unconfirmedStanding = "unconfirmed#"
)

func standing(r *request.Request) string {
	if r.VerifiedAt.IsZero() {
		return unconfirmedStanding + string(at(r.ReceivedAt))
	}
	return confirmedStanding + string(at(r.VerifiedAt))
}

func requestItem(r *request.Request) (item, error) {
	row := requestRow{
		ID: r.ID, Row: requestRowName, Ref: r.Ref, Stands: standing(r), Version: r.Version, Kinds: r.Kinds, Unsure: r.KindsUnsure, State: r.State,
		Address: r.Address.Reveal(), Name: r.Name, Details: r.Details, Country: r.Place.Country, Region: r.Place.Region,
		OnBehalfOf: r.OnBehalfOf, Language: r.Language, Source: r.Source, GPC: r.GPC, ExtWhy: r.ExtensionWhy,
		ReceivedAt: at(r.ReceivedAt), ClockFrom: at(r.ClockFrom), AskedAt: at(r.AskedAt), VerifyBy: at(r.VerifyBy), VerifiedAt: at(r.VerifiedAt),
		ClosedAt: at(r.ClosedAt), Resent: r.Resent, DueAt: at(r.DueAt),
		LinkedTo: r.LinkedTo, AppealOf: r.AppealOf, Repeated: r.Repeated, Waiting: r.Waiting, Statement: r.Statement,
		ExportUntil: at(r.ExportUntil), Fetched: r.Fetched, FetchedAt: at(r.FetchedAt), MailFailedAt: at(r.MailFailedAt), HeadSeq: r.Head.Seq, HeadHash: r.Head.Hash,
		EraseFrom: at(r.EraseFrom), ReducedAt: at(r.ReducedAt), Reminded: reminderItem(r.Reminded),
	}
	if l := r.Look; l != nil {
		row.Look, row.LookAt, row.LookWhy, row.LookTold = string(request.WatchLook), at(l.Since), l.Why, reminderItem(l.Reminded)
	}
	watch, until := r.Watched()
	if row.Watch = string(watch); watch == request.WatchPaused {
		row.DueAt, row.AnswerDue = at(until), at(r.DueAt)
	}
	if r.Waiting != nil {
		row.WaitUntil = at(r.Waiting.Until)
	}
	class, since := r.Disposal()
	row.Disposal, row.DisposalAt = string(class), at(since)
	for _, p := range r.Pauses {
		row.Pauses = append(row.Pauses, pauseRow{p.Cause, at(p.From), at(p.Until)})
	}
	if e := r.Extension; e != nil {
		row.Extension = &extensionRow{e.Reason, at(e.NoticeSentAt)}
	}
	if d := r.Decision; d != nil {
		row.Decision = &decisionRow{d.Outcome, d.Grounds, d.Explanation, at(d.At)}
	}
	return attributevalue.MarshalMap(row)
}

func reminderItem(m *request.Reminder) *reminderRow {
	if m == nil {
		return nil
	}
	return &reminderRow{at(m.DueAt), m.Step}
}

func (m *reminderRow) read() *request.Reminder {
	if m == nil {
		return nil
	}
	return &request.Reminder{DueAt: m.DueAt.time(), Step: m.Step}
}

func readRequest(i map[string]types.AttributeValue) (request.Request, error) {
	var row requestRow
	if err := attributevalue.UnmarshalMap(i, &row); err != nil {
		return request.Request{}, err
	}
	address, _ := person.Parse(row.Address)
	r := request.Request{
		ID: row.ID, Ref: row.Ref, Version: row.Version, Kinds: row.Kinds, KindsUnsure: row.Unsure, State: row.State,
		Address: address, Name: row.Name, Details: row.Details, Place: deadline.Jurisdiction{Country: row.Country, Region: row.Region},
		OnBehalfOf: row.OnBehalfOf, Language: row.Language, Source: row.Source, GPC: row.GPC, ExtensionWhy: row.ExtWhy,
		ReceivedAt: row.ReceivedAt.time(), ClockFrom: row.ClockFrom.time(), AskedAt: row.AskedAt.time(), VerifyBy: row.VerifyBy.time(),
		VerifiedAt: row.VerifiedAt.time(), ClosedAt: row.ClosedAt.time(), Resent: row.Resent, DueAt: row.DueAt.time(),
		LinkedTo: row.LinkedTo, AppealOf: row.AppealOf, Repeated: row.Repeated, Waiting: row.Waiting, Statement: row.Statement,
		ExportUntil: row.ExportUntil.time(), Fetched: row.Fetched, FetchedAt: row.FetchedAt.time(), MailFailedAt: row.MailFailedAt.time(),
		EraseFrom: row.EraseFrom.time(), ReducedAt: row.ReducedAt.time(), Reminded: row.Reminded.read(),
		Head: audit.Head{Subject: row.ID, Seq: row.HeadSeq, Hash: row.HeadHash},
	}
	for _, p := range row.Pauses {
		r.Pauses = append(r.Pauses, deadline.Pause{Cause: p.Cause, From: p.From.time(), Until: p.Until.time()})
	}
	if row.AnswerDue != "" {
		r.DueAt = row.AnswerDue.time()
	}
	if r.Waiting != nil {
		r.Waiting.Until = row.WaitUntil.time()
	}
	if row.Look != "" {
		r.Look = &request.Look{Why: row.LookWhy, Since: row.LookAt.time(), Reminded: row.LookTold.read()}
	}
	if e := row.Extension; e != nil {
		r.Extension = &deadline.Grant{Reason: e.Reason, NoticeSentAt: e.Notice.time()}
	}
	if d := row.Decision; d != nil {
		r.Decision = &decision.Decision{Outcome: d.Outcome, Grounds: d.Grounds, Explanation: d.Explanation, At: d.At.time()}
	}
	return r, nil
}
