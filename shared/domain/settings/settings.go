// Package settings holds the organisation's own settings: who it is, what it
// sends, which form fields it understands, how long it keeps what. An adopter
// edits desk.yaml; `go generate` checks it and turns it into Go data, so that a
// cold start parses nothing. Tests and every start check it again.
// What differs between two deployments (tables, limits, secrets) is not here:
// the environment has it, and shared/adapter/boot reads it.
package settings

import (
	"cmp"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // Lambda's provided.al2023 came without zone files (aws/aws-lambda-dotnet issue 1620)
	"unicode"
)

//go:generate go run ./deskgen desk.yaml desk_data.go ../../../template.yaml

// Desk is the whole of desk.yaml.
type Desk struct {
	Organisation Organisation       `yaml:"organisation"`
	Topics       []Topic            `yaml:"topics"`
	Wording      map[string]Wording `yaml:"wording"` // by language
	Requests     Requests           `yaml:"requests"`
	GroupsClaim  []string           `yaml:"groups_claim"` // of the ID token, where the groups of whoever logs in stand
	DeskRoles    map[string]string  `yaml:"desk_roles"`   // by group, a role of shared/domain/staff
	Systems      []System           `yaml:"systems"`
	Access       Access             `yaml:"access"`
	Feedback     Feedback           `yaml:"feedback"`
	Retention    []Retention        `yaml:"retention"`
	Forms        Forms              `yaml:"forms"`
}

// Organisation is the controller (Art. 4(7) GDPR) as people are shown it.
type Organisation struct {
	Name          string `yaml:"name"`
	LegalName     string `yaml:"legal_name"`
	Address       string `yaml:"address"`
	Contact       string `yaml:"contact"` // an e-mail address
	Phone         string `yaml:"phone"`
	Website       string `yaml:"website"`
	PrivacyPolicy string `yaml:"privacy_policy"`
	TimeZone      string `yaml:"time_zone"` // IANA name
	City          string `yaml:"city"`      // whose time that is, as people say it; empty: the city of the IANA name

	// Who answers, as the letters that decide say it.
	Responsible           string `yaml:"responsible"`             // the person or the office that is responsible for the answers
	DataProtectionOfficer string `yaml:"data_protection_officer"` // how to reach them; empty: there is none
}

// Place is whose time the dates are in: a city, or an IANA name that ends in one.
func (o Organisation) Place() string { return cmp.Or(o.City, o.TimeZone) }

// Location loads the controller's time zone.
func (o Organisation) Location() (*time.Location, error) { return time.LoadLocation(o.TimeZone) }

// Postal is where letters reach the controller, who stands there by its legal
// name (Art. 13(1)(a) GDPR; 16 CFR 316.2(p)).
func (o Organisation) Postal() string { return o.LegalName + "\n" + o.Address }

// Sender is that under the name by which people know it, where the legal name
// does not begin with it.
func (o Organisation) Sender() string {
	rest, begins := strings.CutPrefix(strings.ToLower(o.LegalName), strings.ToLower(o.Name))
	if begins && strings.IndexFunc(rest, unicode.IsLetter) != 0 {
		return o.Postal()
	}
	return o.Name + "\n" + o.Postal()
}

// Zone is the controller's time zone for dates that people read, UTC for one
// that is none; what counts days uses Location.
func (o Organisation) Zone() *time.Location {
	place, err := o.Location()
	if err != nil {
		return time.UTC
	}
	return place
}

// Requests are the organisation's own rules for rights requests.
type Requests struct {
	RepeatedWithinMonths int    `yaml:"repeated_within_months"`
	Resends              int    `yaml:"resends"`
	Calendar             string `yaml:"calendar"` // of shared/domain/deadline

	Waiting          map[string]Wait `yaml:"waiting"`            // by the cause; see WaitCauses
	Officer          string          `yaml:"officer"`            // an e-mail address; empty: organisation.contact
	OfficerLanguage  string          `yaml:"officer_language"`   // of the digest
	RemindDays       []int           `yaml:"remind_days"`        // working days before a due date, falling
	OverdueAgainDays int             `yaml:"overdue_again_days"` // days between reminders of what is overdue

	// AppealByAnother: an appeal, or a review, is decided by another officer than
	// the request was. Letters and pages promise it only then.
	AppealByAnother bool `yaml:"appeal_by_another"`
	ReviewDays      int  `yaml:"review_days"` // for a review where the law of the place knows no appeal

	CallbackMinutes int      `yaml:"callback_minutes"` // in which a letter that was sent can be called back
	SendAt          string   `yaml:"send_at"`          // such as 9:00, where the organisation is: when letters go that wait for the morning
	FourEyes        []string `yaml:"four_eyes"`        // what needs the signature of another; see FourEyes

	TextBlocks []TextBlock `yaml:"text_blocks"`
}

// TextBlock is a passage that officers put into an explanation, and then make their own.
type TextBlock struct {
	ID   string            `yaml:"id"`
	Text map[string]string `yaml:"text"` // by language
}

// In returns the block's text in a language, "" where it has none: a letter mixes no languages.
func (b TextBlock) In(lang string) string { return strings.TrimSpace(b.Text[lang]) }

// Feedback are the organisation's own rules for what SES tells of its mails.
type Feedback struct {
	// SoftBounceWindowDays: temporary bounces on SoftBounceDays days within so
	// many count as a permanent one; 0: they never do.
	SoftBounceWindowDays int `yaml:"soft_bounce_window_days"`
}

// SoftBounceDays is on how many days temporary bounces must come together.
const SoftBounceDays = 3

// Retention is one line of the schedule of retention and disposal; what it
// may say is the business of package schedule.
type Retention struct {
	Class   string `yaml:"class"`
	After   string `yaml:"after"`   // such as 24 months
	Because string `yaml:"because"` // clause or reason
	Line    int    `yaml:"-"`       // in desk.yaml
}

// Wording is the organisation's own words for four places of the form, as its
// privacy policy has them; an empty one means the catalogue's.
type Wording struct {
	Title     string `yaml:"title"`
	Statement string `yaml:"statement"`
	Received  string `yaml:"received"`
	Failed    string `yaml:"failed"`
}

// Topic is something that people can leave by itself.
type Topic struct {
	ID   string            `yaml:"id"`
	Name map[string]string `yaml:"name"` // by language
}

// Title returns the topic's name in a language, or in English.
func (t Topic) Title(lang string) string {
	if name := t.Name[lang]; name != "" {
		return name
	}
	return t.Name["en"]
}

// Topic returns the topic with an id.
func (d *Desk) Topic(id string) (Topic, bool) {
	for _, t := range d.Topics {
		if t.ID == id {
			return t, true
		}
	}
	return Topic{}, false
}

// Load returns the shipped desk.yaml. The error names the settings to fix.
var Load = sync.OnceValues(func() (*Desk, error) {
	d := shipped
	return &d, d.Validate()
})
