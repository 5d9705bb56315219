// Package dashboard reads the CloudWatch dashboard of template.yaml, for the
// rules that hold it and for the drawing of it that `make preview` shows.
//
// It must not ask AWS: a drawing shows which boxes there are, not what is in
// them.
package dashboard

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"privacydesk/shared/testkit/template"
)

// Columns is the width of CloudWatch's grid.
const Columns = 24

// Dashboard is a dashboard's body
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html).
type Dashboard struct {
	Start          string   `json:"start"`
	PeriodOverride string   `json:"periodOverride"`
	Widgets        []Widget `json:"widgets"`
}

// Widget is one box: place and size in units of the grid.
type Widget struct {
	Type       string     `json:"type"` // alarm, log, metric or text
	X          int        `json:"x"`
	Y          int        `json:"y"`
	Width      int        `json:"width"`
	Height     int        `json:"height"`
	Properties Properties `json:"properties"`
}

// Properties are what we use of the properties of all four types.
type Properties struct {
	Title       string   `json:"title"`
	Region      string   `json:"region"`
	View        string   `json:"view"`
	Stat        string   `json:"stat"`
	Period      int      `json:"period"` // seconds
	Stacked     bool     `json:"stacked"`
	Markdown    string   `json:"markdown"`
	Query       string   `json:"query"`
	SortBy      string   `json:"sortBy"`
	Alarms      []string `json:"alarms"` // ARNs
	Annotations struct {
		Horizontal []Line `json:"horizontal"`
	} `json:"annotations"`
	YAxis struct {
		Left struct {
			Label     string  `json:"label"`
			Min       float64 `json:"min"`
			ShowUnits bool    `json:"showUnits"`
		} `json:"left"`
	} `json:"yAxis"`
	Metrics []Metric `json:"metrics"`
}

// Line is a horizontal line across a graph; its label is the logical id of the
// alarm that rings there.
type Line struct {
	Label string  `json:"label"`
	Value float64 `json:"value"`
}

// Metric is one entry of a graph: a metric with at most one dimension, or an
// expression over another entry, such as "wait/3600".
type Metric struct {
	Namespace, Name, Dimension, Value string
	Options                           struct {
		ID         string `json:"id"`
		Label      string `json:"label"`
		Expression string `json:"expression"`
		Visible    *bool  `json:"visible"`
	}
}

// UnmarshalJSON reads ["Namespace", "Name", "Dimension", "Value", {options}].
func (m *Metric) UnmarshalJSON(text []byte) error {
	var parts []json.RawMessage
	if err := json.Unmarshal(text, &parts); err != nil {
		return err
	}
	names := []*string{&m.Namespace, &m.Name, &m.Dimension, &m.Value}
	for i, part := range parts {
		if i == len(parts)-1 && part[0] == '{' {
			return strict(string(part), &m.Options)
		}
		if i >= len(names) {
			return fmt.Errorf("more than one dimension: %s", text)
		}
		if err := json.Unmarshal(part, names[i]); err != nil {
			return err
		}
	}
	return nil
}

var scaled = regexp.MustCompile(`^([a-z]\w*)/(\d+)$`)

// Scale gives the id of the entry that an expression divides, and by how much.
func (m Metric) Scale() (id, by string, ok bool) {
	parts := scaled.FindStringSubmatch(m.Options.Expression)
	if parts == nil {
		return "", "", false
	}
	return parts[1], parts[2], true
}

// Hidden reports whether the entry only feeds an expression.
func (m Metric) Hidden() bool { return m.Options.Visible != nil && !*m.Options.Visible }

// Load reads the dashboard of a template, with mail received. It is strict:
// CloudWatch would leave a misspelt property out without a word.
func Load(path string) (Dashboard, error) {
	var d Dashboard
	t, err := template.Load(path, template.Options{Parameters: map[string]string{
		"PublicUrl": "https://privacy.example.com", "SesFrom": "privacy@example.com", "ReceivingDomain": "in.example.com",
	}})
	if err != nil {
		return d, err
	}
	all := t.ByType("AWS::CloudWatch::Dashboard")
	if len(all) != 1 || all[0].Err != nil {
		return d, fmt.Errorf("%s must have one dashboard that can be resolved: %v", path, all)
	}
	return d, strict(all[0].Text("DashboardBody"), &d)
}

func strict(text string, into any) error {
	in := json.NewDecoder(strings.NewReader(text))
	in.DisallowUnknownFields()
	return in.Decode(into)
}
