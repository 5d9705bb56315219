package deadline

import "privacydesk/shared/domain/holiday"

// Kind is what a person asks for; the values are those of the form field "kind".
type Kind string

// The kinds of requests. MarketingOptOut is the opt-out that shared/domain/optout keeps; it stands here for its clock.
const (
	Access          Kind = "access"
	Correction      Kind = "correction"
	Erasure         Kind = "erasure"
	Objection       Kind = "objection"
	Restriction     Kind = "restriction"
	Portability     Kind = "portability"
	WithdrawConsent Kind = "withdraw_consent"
	OptOutOfSale    Kind = "opt_out_of_sale"
	Information     Kind = "information"
	ChildErasure    Kind = "child_erasure"
	PaperNotice     Kind = "paper_notice"
	Complaint       Kind = "complaint"         // about anything in data protection (section 164A Data Protection Act 2018)
	AutomatedAccess Kind = "automated_access"  // how a decision without a human was made (Art. 15(1)(h) GDPR, 11 CCR 7222)
	AutomatedOptOut Kind = "automated_opt_out" // no decision without a human (Art. 22 GDPR, 11 CCR 7221)
	marketingOptOut Kind = "marketing_opt_out"
)

// Purpose is what must be done when a clock ends.
type Purpose string

// The purposes. Appeal is the answer to a person who objects to a refusal.
const (
	Acknowledge Purpose = "acknowledge"
	Respond     Purpose = "respond"
	OptOut      Purpose = "opt_out"
	Appeal      Purpose = "appeal"
)

// Unit is what a clock counts.
type Unit string

// The units. Hours run from the instant; all others end with the last second of a local day.
const (
	Hours          Unit = "hours"
	CalendarDays   Unit = "calendar_days"
	CalendarMonths Unit = "calendar_months"
	BusinessDays   Unit = "business_days"
)

// Start is the event that starts a clock.
type Start string

// The events: the receipt of the request, or that of an appeal (or complaint) about its answer.
const (
	FromReceipt Start = "receipt"
	FromAppeal  Start = "appeal"
)

// Roll says what happens to a last day that is no working day.
type Roll string

// The rolls: it stays, or the period ends with the next working day.
const (
	NoRoll         Roll = "none"
	NextWorkingDay Roll = "next_working_day"
)

// Cause is a reason to stop a clock.
type Cause string

// The causes: doubt about who asks, a question about what is meant, a fee that is asked for.
const (
	Identity      Cause = "identity"
	Clarification Cause = "clarification"
	Fee           Cause = "fee"
)

// Effect is what a stop does to a clock.
type Effect string

// The effects. Suspend leaves out the days from the question up to the day before the answer, SuspendInclusive
// the day of the answer as well; Restart begins the whole period anew with the answer.
const (
	Suspend          Effect = "suspend"
	SuspendInclusive Effect = "suspend_inclusive"
	Restart          Effect = "restart"
)

// Reason is a ground for an extension.
type Reason string

// The reasons that the configured laws know.
const (
	Complexity   Reason = "complexity"
	Number       Reason = "number"
	Necessary    Reason = "necessary"
	Interference Reason = "interference"
	Consultation Reason = "consultation"
)

// Figure says where the length of a clock comes from.
type Figure string

// The figures. Without one the law itself gives the length. Else it names no number and the length is our own; or what is
// reported of the law differs, and the length is the stricter.
const (
	OwnFigure      Figure = "own"
	DisputedFigure Figure = "disputed"
)

// ControllerCalendar, as a clock's calendar, means the one that the engine was given.
const ControllerCalendar = "controller"

// Unchecked is the value of a Checked field of a figure that could not be held against any text. The other
// values begin with TextRead (the provision, or its regulator's guidance, was read) or SecondaryRead (only
// reports of others were read, and they agree).
const (
	Unchecked     = "unchecked"
	TextRead      = "text: "
	SecondaryRead = "secondary: "
)

// Book is all the law that is configured, as law.yaml has it. It is read-only once made.
type Book struct {
	Version   string             `yaml:"-"` // first 12 hex digits of the SHA-256 of law.yaml
	Regimes   []Regime           `yaml:"regimes"`
	Calendars []holiday.Calendar `yaml:"calendars"`
}

// Regime is one law, or one set of rules that binds us like a law.
type Regime struct {
	ID        string   `yaml:"id" json:"id"`
	Name      string   `yaml:"name" json:"name"`
	Places    []string `yaml:"places" json:"places"`     // "BR", "US-CA" (ISO 3166), or "*" for everywhere
	InForce   string   `yaml:"in_force" json:"in_force"` // first day, "2006-01-02"; a request received earlier is not under it
	Source    string   `yaml:"source" json:"source"`     // citation without an address
	CheckedOn string   `yaml:"checked_on" json:"checked_on"`
	Note      string   `yaml:"note" json:"note,omitempty"`
	Clocks    []Clock  `yaml:"clocks" json:"clocks"`
	Withholds Withheld `yaml:"withholds" json:"withholds,omitzero"` // no What: nothing
}

// WithheldData lists what a law may forbid to disclose; access.Scan finds it in texts.
var WithheldData = []string{"social_security_number", "government_id", "financial_account", "health_id", "account_password", "security_question", "biometric"}

// Withheld is what must never be disclosed in answer to a request, whoever asks. The person is told that it is held.
type Withheld struct {
	Kinds     []Kind   `yaml:"kinds" json:"kinds"`
	What      []string `yaml:"what" json:"what"`                   // of WithheldData
	InForce   string   `yaml:"in_force" json:"in_force,omitempty"` // where it is later than the regime's
	Clause    string   `yaml:"clause" json:"clause"`
	Checked   string   `yaml:"checked" json:"checked"`
	CheckedOn string   `yaml:"checked_on" json:"checked_on"`
	Note      string   `yaml:"note" json:"note,omitempty"`
}

// Clock is one period of a regime.
type Clock struct {
	ID             string      `yaml:"id" json:"id"`
	Purpose        Purpose     `yaml:"purpose" json:"purpose"`
	Kinds          []Kind      `yaml:"kinds" json:"kinds"`
	InForce        string      `yaml:"in_force" json:"in_force,omitempty"` // where it is later than the regime's
	Starts         Start       `yaml:"starts" json:"starts"`
	Length         int         `yaml:"length" json:"length"`
	Figure         Figure      `yaml:"figure" json:"figure,omitempty"`     // whose the length is
	NotLent        bool        `yaml:"not_lent" json:"not_lent,omitempty"` // no date for a place whose own law has none
	Unit           Unit        `yaml:"unit" json:"unit"`
	FirstDayCounts bool        `yaml:"first_day_counts" json:"first_day_counts,omitempty"` // the period begins with the day of the event, not the day after
	Roll           Roll        `yaml:"roll" json:"roll,omitempty"`
	Calendar       string      `yaml:"calendar" json:"calendar,omitempty"` // for business days and rolls; ControllerCalendar is the engine's
	Clause         string      `yaml:"clause" json:"clause"`
	Checked        string      `yaml:"checked" json:"checked"`
	Note           string      `yaml:"note" json:"note,omitempty"`
	Pauses         []PauseRule `yaml:"pauses" json:"pauses,omitempty"`
	Extension      Extension   `yaml:"extension" json:"extension,omitzero"` // Length 0: there is none
}

// PauseRule is a cause that may stop a clock.
type PauseRule struct {
	Cause   Cause  `yaml:"cause" json:"cause"`
	Effect  Effect `yaml:"effect" json:"effect"`
	Clause  string `yaml:"clause" json:"clause"`
	Checked string `yaml:"checked" json:"checked"`
}

// Extension is how far a clock may be extended, once, and why.
type Extension struct {
	Length  int      `yaml:"length" json:"length"`
	Unit    Unit     `yaml:"unit" json:"unit"`
	Reasons []Reason `yaml:"reasons" json:"reasons"`
	Clause  string   `yaml:"clause" json:"clause"`
	Checked string   `yaml:"checked" json:"checked"`
}
