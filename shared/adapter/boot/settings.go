// Package boot starts a function: it reads the settings of its deployment, and
// gives the logger, the metrics and the time. It must not know AWS's services
// or what the functions do.
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

// Int reads a whole number from minimum to maximum, or byDefault when the
// variable is empty.
func (s *Settings) Int(name string, byDefault, minimum, maximum int) int {
	v := os.Getenv(name)
	if v == "" {
		return byDefault
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < minimum || n > maximum {
		s.faults = append(s.faults, fmt.Errorf("%s must be a whole number from %d to %d", name, minimum, maximum))
	}
	return n
}

// Yes reads a variable that is "yes" or "no"; empty is no.
func (s *Settings) Yes(name string) bool {
	v := os.Getenv(name)
	if v != "" && v != "yes" && v != "no" {
		s.faults = append(s.faults, fmt.Errorf("%s must be yes or no", name))
	}
	return v == "yes"
}

// Check returns what was wrong with the variables read so far.
func (s *Settings) Check() error { return errors.Join(s.faults...) }
