package requests

import (
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/casework"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/decision"
	"privacydesk/shared/domain/foureyes"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/domain/requestlog"
	"privacydesk/shared/domain/waiting"
)

// row is the row of a request, as its attributes are named.
type requestRow struct {
	ID       string          `dynamodbav:"id"`
	Row      string          `dynamodbav:"row"`
	Ref      person.Ref      `dynamodbav:"ref,omitempty"`
	Standing string          `dynamodbav:"standing"` // index Person: confirmed or not, and since when
	Version  int             `dynamodbav:"version"`
	Kinds    []intake.Kind   `dynamodbav:"kinds"`
	Unsure   bool            `dynamodbav:"kinds_unsure,omitempty"`
	State    lifecycle.State `dynamodbav:"state"`

	Address    string        `dynamodbav:"address,omitempty"`
	Post       string        `dynamodbav:"post,omitempty"`
	Telephone  string        `dynamodbav:"telephone,omitempty"`
	NoEmail    bool          `dynamodbav:"no_email,omitempty"`
	Paper      bool          `dynamodbav:"paper,omitempty"`
	Name       string        `dynamodbav:"name,omitempty"`
	Details    string        `dynamodbav:"details,omitempty"`
	Country    string        `dynamodbav:"country,omitempty"`
	Region     string        `dynamodbav:"region,omitempty"`
	OnBehalfOf intake.Behalf `dynamodbav:"on_behalf_of,omitempty"`
	Language   string        `dynamodbav:"language,omitempty"`
	Source     intake.Source `dynamodbav:"source"`
	GPC        bool          `dynamodbav:"gpc,omitempty"`

	ReceivedAt dynamo.Instant `dynamodbav:"received_at"`
	ClockFrom  dynamo.Instant `dynamodbav:"clock_from"`
	AskedAt    dynamo.Instant `dynamodbav:"asked_at,omitempty"`
	VerifyBy   dynamo.Instant `dynamodbav:"verify_by,omitempty"`
	VerifiedAt dynamo.Instant `dynamodbav:"verified_at,omitempty"`
	ClosedAt   dynamo.Instant `dynamodbav:"closed_at,omitempty"`
	Resent     int            `dynamodbav:"resent,omitempty"`
	Checked    []intake.Check `dynamodbav:"checked,omitempty"`

	Pauses    []pauseRow     `dynamodbav:"pauses,omitempty"`
	Extension *extensionRow  `dynamodbav:"extension,omitempty"`
	ExtWhy    string         `dynamodbav:"extension_why,omitempty"`
	Watch     string         `dynamodbav:"watch,omitempty"` // index Due: what is waited for, and until when
	DueAt     dynamo.Instant `dynamodbav:"due_at,omitempty"`
	DueRule   string         `dynamodbav:"due_rule,omitempty"`

	LinkedTo   string            `dynamodbav:"linked_to,omitempty"`
	AppealOf   string            `dynamodbav:"appeal_of,omitempty"`
	AnsweredBy string            `dynamodbav:"answered_by,omitempty"`
	AnsSigned  string            `dynamodbav:"answered_signed,omitempty"`
	Repeated   bool              `dynamodbav:"repeated,omitempty"`
	Waiting    *waiting.Waiting  `dynamodbav:"waiting,omitempty"`
	Draft      *draftRow         `dynamodbav:"draft,omitempty"`
	Decision   *decisionRow      `dynamodbav:"decision,omitempty"`
	Statement  string            `dynamodbav:"statement,omitempty"`
	WaitUntil  dynamo.Instant    `dynamodbav:"wait_until,omitempty"`
	AnswerDue  dynamo.Instant    `dynamodbav:"answer_due_at,omitempty"` // where due_at is wait_until or closed_at: the date of our answer
	Reminded   *reminderRow      `dynamodbav:"reminded,omitempty"`
	Look       string            `dynamodbav:"look,omitempty"` // index Look: set while an officer must look
	LookAt     dynamo.Instant    `dynamodbav:"look_at,omitempty"`
	LookWhy    lifecycle.LookWhy `dynamodbav:"look_why,omitempty"`
	LookTold   *reminderRow      `dynamodbav:"look_told,omitempty"`
	ToPost     dynamo.Instant    `dynamodbav:"to_post,omitempty"` // since when a letter on paper waits to be posted

	Assignee   string `dynamodbav:"assignee,omitempty"`
	AssignedTo string `dynamodbav:"assigned_to,omitempty"` // index Assigned: whose it is, while it is under way
	Special    string `dynamodbav:"special,omitempty"`     // index Special: inSpecial, or nothing
	Touched    bool   `dynamodbav:"touched,omitempty"`
	// Card is what lists show, in all indexes of lists.
	Card *request.Summary `dynamodbav:"card,omitempty"`

	ExportUntil  dynamo.Instant `dynamodbav:"export_until,omitempty"`
	ObjectUntil  dynamo.Instant `dynamodbav:"object_until,omitempty"`
	Fetched      int            `dynamodbav:"fetched,omitempty"`
	FetchedAt    dynamo.Instant `dynamodbav:"fetched_at,omitempty"`
	MailFailedAt dynamo.Instant `dynamodbav:"mail_failed_at,omitempty"`
	EraseFrom    dynamo.Instant `dynamodbav:"erase_from,omitempty"`
	HeldBack     bool           `dynamodbav:"held_back,omitempty"`
	Outstanding  int            `dynamodbav:"outstanding,omitempty"`
	ReducedAt    dynamo.Instant `dynamodbav:"reduced_at,omitempty"`
	Disposal     string         `dynamodbav:"disposal,omitempty"` // index Disposal: its class, and what starts the period
	DisposalAt   dynamo.Instant `dynamodbav:"disposal_at,omitempty"`
	HeadSeq      int            `dynamodbav:"head_seq"`
	HeadHash     string         `dynamodbav:"head_hash"`
}

type pauseRow struct {
	Cause deadline.Cause `dynamodbav:"cause"`
	From  dynamo.Instant `dynamodbav:"from"`
	Until dynamo.Instant `dynamodbav:"until,omitempty"`
}

type extensionRow struct {
	Reason deadline.Reason `dynamodbav:"reason"`
	Notice dynamo.Instant  `dynamodbav:"notice_sent_at"`
}

type reminderRow struct {
	DueAt  dynamo.Instant `dynamodbav:"due_at"`
	Step   int            `dynamodbav:"step"`
	Digest dynamo.Instant `dynamodbav:"digest"`
}

type decisionRow struct {
	Outcome decision.Outcome  `dynamodbav:"outcome"`
	Answers []decision.Answer `dynamodbav:"answers,omitempty"`
	At      dynamo.Instant    `dynamodbav:"at"`
	By      string            `dynamodbav:"by,omitempty"`
	Signed  string            `dynamodbav:"signed,omitempty"`
	Seq     int               `dynamodbav:"seq,omitempty"`
}

const RowName = "request"

// The index Person tells requests that somebody confirmed from those that
// anybody can send, so that these are not read with them.
const (
	confirmedStanding   = "confirmed#"
	unconfirmedStanding = "unconfirmed#"
)

// inSpecial is the one key of the index Special.
const inSpecial = "special"

func standing(r *request.Request) string {
	if r.VerifiedAt.IsZero() {
		return unconfirmedStanding + string(dynamo.At(r.ReceivedAt))
	}
	return confirmedStanding + string(dynamo.At(r.VerifiedAt))
}

func item(r *request.Request) (dynamo.Item, error) {
	row := requestRow{
		ID: r.ID, Row: RowName, Ref: r.Ref, Standing: standing(r), Version: r.Version, Kinds: r.Kinds, Unsure: r.KindsUnsure, State: r.State,
		Address: r.Address.Reveal(), Post: r.Contact.Post(), Telephone: r.Contact.Telephone(), NoEmail: r.NoEmail, Paper: r.Paper, ToPost: dynamo.At(r.ToPost), Name: r.Name, Details: r.Details, Country: r.Place.Country, Region: r.Place.Region,
		OnBehalfOf: r.OnBehalfOf, Language: r.Language, Source: r.Source, GPC: r.GPC, ExtWhy: r.ExtensionWhy,
		ReceivedAt: dynamo.At(r.ReceivedAt), ClockFrom: dynamo.At(r.ClockFrom), AskedAt: dynamo.At(r.AskedAt), VerifyBy: dynamo.At(r.VerifyBy), VerifiedAt: dynamo.At(r.VerifiedAt),
		ClosedAt: dynamo.At(r.ClosedAt), Resent: r.Resent, DueAt: dynamo.At(r.DueAt),
		LinkedTo: r.LinkedTo, AppealOf: r.AppealOf, AnsweredBy: r.AnsweredBy, AnsSigned: r.AnsweredSigned, Repeated: r.Repeated, Waiting: r.Waiting, Draft: draftItem(r.Draft), Statement: r.Statement,
		ExportUntil: dynamo.At(r.ExportUntil), ObjectUntil: dynamo.At(r.ObjectUntil), Fetched: r.Fetched, FetchedAt: dynamo.At(r.FetchedAt), MailFailedAt: dynamo.At(r.MailFailedAt), HeadSeq: r.Head.Seq, HeadHash: r.Head.Hash,
		EraseFrom: dynamo.At(r.EraseFrom), HeldBack: r.HeldBack, Outstanding: r.Outstanding, Checked: r.Checked, ReducedAt: dynamo.At(r.ReducedAt), Reminded: reminderItem(r.Reminded),
	}
	if l := r.Look; l != nil {
		row.Look, row.LookAt, row.LookWhy, row.LookTold = string(lifecycle.WatchLook), dynamo.At(l.Since), l.Why, reminderItem(l.Reminded)
	}
	card := r.Summary()
	row.Card, row.DueRule, row.Assignee, row.Touched = &card, r.DueRule, r.Assignee, r.Touched
	watch, until := r.Watched()
	if row.Watch = string(watch); watch != lifecycle.WatchOpen && watch != lifecycle.WatchUnverified && watch != "" {
		row.DueAt, row.AnswerDue = dynamo.At(until), dynamo.At(r.DueAt)
	}
	if watch == lifecycle.WatchOpen || watch == lifecycle.WatchPaused {
		row.AssignedTo = foureyes.Caller(r.Assignee)
	}
	if casework.Special(watch, &card) {
		row.Special = inSpecial
	}
	if r.Waiting != nil {
		row.WaitUntil = dynamo.At(r.Waiting.Until)
	}
	class, since := requestlog.Disposal(r)
	row.Disposal, row.DisposalAt = string(class), dynamo.At(since)
	for _, p := range r.Pauses {
		row.Pauses = append(row.Pauses, pauseRow{p.Cause, dynamo.At(p.From), dynamo.At(p.Until)})
	}
	if e := r.Extension; e != nil {
		row.Extension = &extensionRow{e.Reason, dynamo.At(e.NoticeSentAt)}
	}
	if d := r.Decision; d != nil {
		row.Decision = &decisionRow{d.Outcome, d.Answers, dynamo.At(d.At), d.By, d.Signed, d.Seq}
	}
	return attributevalue.MarshalMap(row)
}

func reminderItem(m *lifecycle.Reminder) *reminderRow {
	if m == nil {
		return nil
	}
	return &reminderRow{dynamo.At(m.DueAt), m.Step, dynamo.At(m.Digest)}
}

func (m *reminderRow) read() *lifecycle.Reminder {
	if m == nil {
		return nil
	}
	return &lifecycle.Reminder{DueAt: m.DueAt.Time(), Step: m.Step, Digest: m.Digest.Time()}
}

func readRequest(i map[string]types.AttributeValue) (request.Request, error) {
	var row requestRow
	if err := attributevalue.UnmarshalMap(i, &row); err != nil {
		return request.Request{}, err
	}
	address, _ := person.Parse(row.Address)
	contact, _ := person.ReadContact(row.Post, row.Telephone)
	r := request.Request{
		ID: row.ID, Ref: row.Ref, Version: row.Version, Kinds: row.Kinds, KindsUnsure: row.Unsure, State: row.State,
		Address: address, Contact: contact, NoEmail: row.NoEmail, Paper: row.Paper, ToPost: row.ToPost.Time(), Name: row.Name, Details: row.Details, Place: deadline.Jurisdiction{Country: row.Country, Region: row.Region},
		OnBehalfOf: row.OnBehalfOf, Language: row.Language, Source: row.Source, GPC: row.GPC, ExtensionWhy: row.ExtWhy,
		ReceivedAt: row.ReceivedAt.Time(), ClockFrom: row.ClockFrom.Time(), AskedAt: row.AskedAt.Time(), VerifyBy: row.VerifyBy.Time(),
		VerifiedAt: row.VerifiedAt.Time(), ClosedAt: row.ClosedAt.Time(), Resent: row.Resent, DueAt: row.DueAt.Time(),
		LinkedTo: row.LinkedTo, AppealOf: row.AppealOf, AnsweredBy: row.AnsweredBy, AnsweredSigned: row.AnsSigned, Repeated: row.Repeated, Waiting: row.Waiting, Draft: row.Draft.read(), Statement: row.Statement,
		ExportUntil: row.ExportUntil.Time(), ObjectUntil: row.ObjectUntil.Time(), Fetched: row.Fetched, FetchedAt: row.FetchedAt.Time(), MailFailedAt: row.MailFailedAt.Time(),
		EraseFrom: row.EraseFrom.Time(), HeldBack: row.HeldBack, Outstanding: row.Outstanding, Checked: row.Checked, ReducedAt: row.ReducedAt.Time(), Reminded: row.Reminded.read(),
		DueRule: row.DueRule, Assignee: row.Assignee, Touched: row.Touched,
		Head: audit.Head{Subject: row.ID, Seq: row.HeadSeq, Hash: row.HeadHash},
	}
	for _, p := range row.Pauses {
		r.Pauses = append(r.Pauses, deadline.Pause{Cause: p.Cause, From: p.From.Time(), Until: p.Until.Time()})
	}
	if row.AnswerDue != "" {
		r.DueAt = row.AnswerDue.Time()
	}
	if r.Waiting != nil {
		r.Waiting.Until = row.WaitUntil.Time()
	}
	if row.Look != "" {
		r.Look = &lifecycle.Look{Why: row.LookWhy, Since: row.LookAt.Time(), Reminded: row.LookTold.read()}
	}
	if e := row.Extension; e != nil {
		r.Extension = &deadline.Grant{Reason: e.Reason, NoticeSentAt: e.Notice.Time()}
	}
	if d := row.Decision; d != nil {
		r.Decision = &decision.Decision{Outcome: d.Outcome, Answers: d.Answers, At: d.At.Time(), By: d.By, Signed: d.Signed, Seq: d.Seq}
	}
	return r, nil
}
