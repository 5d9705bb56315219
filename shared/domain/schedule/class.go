package schedule

import "privacydesk/shared/domain/settings"

// Class is a kind of record, by the name that desk.yaml gives it.
type Class string

// The classes that the sweep disposes of, in its order. Each name stands in
// desk.yaml, in the index Disposal and in certificates.
const (
	UnverifiedRequest Class = "unverified-request"
	ClosedRequest     Class = "closed-request"
	RequestLog        Class = "request-log"
	OptOutEvidence    Class = "opt-out-evidence"
	SoftBounces       Class = "soft-bounces"
)

// ErasureOrder is not in desk.yaml: an officer orders the erasure of a person,
// and the sweep carries it out at once.
const ErasureOrder Class = "erasure"

// The classes that something else ends, or nothing.
const (
	Tombstone            Class = "opt-out-tombstone"
	SuppressionList      Class = "suppression-list"
	LegalHolds           Class = "legal-holds"
	DisposalCertificates Class = "disposal-certificates"
	Export               Class = "export"
	OptInConfirmation    Class = "opt-in-confirmation"
	SentRequest          Class = "sent-request"
	DeskSessions         Class = "desk-sessions"
	Counters             Class = "counters"
	BulkJobs             Class = "bulk-jobs"
	Reconciliations      Class = "reconciliation-runs"
	DriftReports         Class = "drift-reports"
	ImportObjects        Class = "import-objects"
	Files                Class = "files"
	FeedbackEvents       Class = "feedback-events"
	UnreadMail           Class = "unread-mail"
	Undelivered          Class = "undelivered"
	Streams              Class = "streams"
	Logs                 Class = "logs"
	Backups              Class = "backups"
)

// Action is what is done when a period has ended.
type Action string

// The actions.
const (
	Delete Action = "delete"
	Reduce Action = "reduce" // to what the law obliges to keep, without a person's data
	End    Action = "end"    // it is no longer given out
	Keep   Action = "keep"
)

// How is who carries the action out.
type How string

// The ways of disposal.
const (
	BySweep  How = "sweep"  // functions/retention, nightly, with a certificate
	ByTTL    How = "ttl"    // DynamoDB, within a few days of expires_at
	ByBucket How = "bucket" // the bucket's lifecycle, at the midnight (UTC) after
	ByQueue  How = "queue"  // Amazon SQS
	ByStream How = "stream" // DynamoDB Streams
	ByLogs   How = "logs"   // CloudWatch Logs
	ByBackup How = "backup" // the window of point-in-time recovery moves on
	ByRead   How = "read"   // whoever reads it refuses
	ByNobody How = "nobody" // it stays
)

// A kind is what desk.yaml cannot change of a class.
type kind struct {
	Class
	title  string // in words
	starts string // what starts the period
	action Action
	how    How
	min    Period
	max    Period
	bound  string // clause or reason of the bounds
	after  Class  // the stage that must have ended before
}

func days(n int) Period   { return Period{Days: n} }
func months(n int) Period { return Period{Months: n} }
func years(n int) Period  { return Period{Years: n} }

var never = Period{Never: true}

// The periods that mailed links set, in days. What a link leads to must not be
// disposed of while the link is good.
const (
	VerifyDays  = 7 // of the link that confirms a request
	ConfirmDays = 7 // of the link that confirms an opt-in
)

// SentDays is how long the same sending is looked for: longer than a request waits
// to be confirmed, whose mail may have waited and been sent again.
const SentDays = 30

// kinds is a function so that no start pays for a table that it does not read.
func kinds() []kind {
	confirmation := days(ConfirmDays)
	return []kind{
		{UnverifiedRequest, "request that nobody confirmed", "its receipt (or from the mail that asked to confirm it, where that came later)", Delete, BySweep,
			days(VerifyDays), days(90), "the mailed link must still find it; nobody has shown that it is theirs (Art. 5(1)(e) GDPR)", ""},
		{ClosedRequest, "request that was answered or withdrawn", "its closing", Reduce, BySweep,
			months(24), years(5), "11 CCR 7101(a) asks for 24 months at least", ""},
		{RequestLog, "log of a request: dates, kind, decision, history without words", "the request's closing", Delete, BySweep,
			years(3), years(10), "it proves the answer until claims are out of time (Art. 5(2), 17(3)(e) GDPR)", ClosedRequest},
		{OptOutEvidence, "address and evidence of an opt-out", "the last change", Reduce, BySweep,
			months(24), years(5), "11 CCR 7101(a) asks for 24 months at least; claims are out of time after 5 years (28 U.S.C. 2462)", ""},
		{SoftBounces, "days of temporary bounces", "the last of them", Delete, BySweep,
			days(settings.SoftBounceDays), days(90), "feedback.soft_bounce_window_days looks back 90 days at most", ""},
		{Tombstone, "that a person opted out: keyed reference, channel, dates", "the opt-out", Keep, ByNobody,
			never, never, "an opt-out has no end (15 U.S.C. 7704(a)(4), Art. 21(3) GDPR)", ""},
		{SuppressionList, "address on the suppression list of Amazon SES", "the opt-out", Keep, ByNobody,
			never, never, "SES can drop mail only to addresses that it knows; whoever comes back is taken off it", ""},
		{LegalHolds, "legal hold: whom or what it covers, reason, until", "its placing", Keep, ByNobody,
			never, never, "it lasts until an officer lifts it or its date comes, and shows why something was kept longer", ""},
		{DisposalCertificates, "certificate of a disposal: cutoff, counts, digest", "the disposal", Keep, ByNobody,
			never, never, "it proves that this schedule is kept (Art. 5(2) GDPR) and holds no personal data", ""},
		{Export, "export of a person's data", "the decision", End, ByRead,
			days(1), days(30), "long enough to fetch it; a copy of everything must not lie about (Art. 32 GDPR)", ""},
		{OptInConfirmation, "opt-in that waits for its confirmation; that somebody asked for their links", "the asking", Delete, ByTTL,
			confirmation, confirmation, "as long as the mailed link is good", ""},
		{SentRequest, "that a request was sent: keyed digest of its words, reference", "the sending", Delete, ByTTL,
			days(30), days(30), "longer than a request waits to be confirmed: the same sent again meanwhile is the same request", ""},
		{DeskSessions, "session at the desk: keyed digest of the account, display name, role, times", "the login", Delete, ByTTL,
			days(1), days(1), "a session ends after 8 hours at most, and is refused from then on", ""},
		{Counters, "counter of a rate limit", "the beginning of its window", Delete, ByTTL,
			days(2), days(2), "twice its window, of which the longest is a day", ""},
		{BulkJobs, "bulk job of the suppression list: what was handed over", "its start", Delete, ByTTL,
			days(2), days(7), "SES is asked about a job for a day", ""},
		{Reconciliations, "reconciliation run: how far, what was seen of the suppression list", "its start", Delete, ByTTL,
			days(4), days(14), "a run starts again after three days", ""},
		{DriftReports, "report of what a reconciliation run found: counts", "the run's end", Delete, ByTTL,
			days(7), days(400), "reports hold no personal data", ""},
		{ImportObjects, "file of addresses on their way to SES", "its writing", Delete, ByBucket,
			days(1), days(3), "SES reads it within hours; S3 counts whole days", ""},
		{Files, "file of a request: proof of identity, or what the person means", "its coming", Delete, ByBucket,
			days(1095), days(2200), "it goes with its request, and a proof when the case closes: this ends what no row names any more; longer than a request is kept", ""},
		{FeedbackEvents, "bounce or complaint that waits to be read, or was given up", "SES's report", Delete, ByQueue,
			days(4), days(14), "long enough to fix a fault over a weekend; SQS keeps 14 days at most", ""},
		{UnreadMail, "headers of a mail that could not be read", "the third try", Delete, ByQueue,
			days(1), days(14), "long enough to fix a fault; SQS keeps 14 days at most", ""},
		{Undelivered, "run or stream batch that was given up: times and numbers", "the last try", Delete, ByQueue,
			days(1), days(14), "it holds no personal data; SQS keeps 14 days at most", ""},
		{Streams, "changes of the tables on their way to the functions", "the change", Delete, ByStream,
			days(1), days(1), "DynamoDB keeps them 24 hours, no more and no less", ""},
		{Logs, "logs of the functions and of the API", "the line", Delete, ByLogs,
			days(1), days(365), "they hold no personal data; long enough to find a fault", ""},
		{Backups, "point-in-time recovery of the tables", "the change", Delete, ByBackup,
			days(1), days(35), "what is erased must leave the backups too; DynamoDB keeps 35 days at most", ""},
	}
}
