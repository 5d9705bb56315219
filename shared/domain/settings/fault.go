package settings

import "fmt"

// Fault is something wrong with desk.yaml.
type Fault struct {
	Path string // of the setting, such as organisation.contact or topics[1].id
	Line int    // in desk.yaml; 0 is not known: a function knows the lines of the schedule alone
	Text string // a sentence that names the setting
}

func (f *Fault) Error() string {
	if f.Line == 0 {
		return "desk.yaml: " + f.Text
	}
	return fmt.Sprintf("desk.yaml line %d: %s", f.Line, f.Text)
}
