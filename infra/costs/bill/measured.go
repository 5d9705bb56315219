package bill

import (
	"bytes"
	_ "embed"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// Use is what something needs, once.
type Use struct {
	Requests float64 `yaml:"requests"` // of the HTTP API
	Starts   float64 `yaml:"starts"`   // of functions
	MS       float64 `yaml:"ms"`       // that they run, in all
	Writes   float64 `yaml:"writes"`   // DynamoDB write request units
	Reads    float64 `yaml:"reads"`    // DynamoDB read request units
	Lines    float64 `yaml:"lines"`    // of the functions' own log
	Bytes    float64 `yaml:"bytes"`    // of these lines
}

// Measured is what infra/e2e measures on the local stack.
type Measured struct {
	OptOut     Use            `yaml:"opt_out"`     // the form's page, the opt-out, telling SES
	Request    Use            `yaml:"request"`     // a rights request with its page, two mails and the confirmation
	Import     Use            `yaml:"import"`      // an address of an opt-out list, and telling SES
	Runs       map[string]Use `yaml:"runs"`        // of the schedules with nothing to do, by logical id
	RowBytes   float64        `yaml:"row_bytes"`   // an opt-out in the table
	IndexBytes float64        `yaml:"index_bytes"` // … and in its indexes
}

//go:embed measured.yaml
var measuredYAML []byte

// LoadMeasured reads measured.yaml.
func LoadMeasured() (m Measured, err error) {
	if err = strict(measuredYAML, &m); err != nil {
		err = fmt.Errorf("measured.yaml: %w", err)
	}
	return m, err
}

func strict(text []byte, into any) error {
	in := yaml.NewDecoder(bytes.NewReader(text))
	in.KnownFields(true)
	return in.Decode(into)
}
