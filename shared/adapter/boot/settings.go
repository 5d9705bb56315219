// Package boot starts a function: it reads the settings of its deployment,
// makes the AWS clients, and gives the logger and the metrics. Everything that
// differs between deployments passes through here. It must not know what the
// functions do with it.
package boot

import (
	"errors"
	"fmt"
	"os"
	"strconv"
)

// Settings reads environment variables and collects what is wrong with them,
// so that all faults are told together.
type Settings struct{ faults []error }

// Text reads a variable that must be set.
func (s *Settings) Text(name string) string {
	v := os.Getenv(name)
	if v == "" {
		s.faults = append(s.faults, fmt.Errorf("%s is not set", name))
	}
	return v
}

// Optional reads a variable that may be empty.
func (s *Settings) Optional(name string) string { return os.Getenv(name) }

// Int reads a whole number from least to most, or byDefault when the variable
// is empty.
func (s *Settings) Int(name string, byDefault, least, most int) int {
	v := os.Getenv(name)
	if v == "" {
		return byDefault
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < least || n > most {
		s.faults = append(s.faults, fmt.Errorf("%s must be a whole number from %d to %d", name, least, most))
	}
	return n
}

// Check returns what was wrong with the variables read so far.
func (s *Settings) Check() error { return errors.Join(s.faults...) }
