package attachment

import "privacydesk/shared/domain/fault"

// Verdict is what a scan for malware says of a file; "": nothing yet.
type Verdict string

// The verdicts.
const (
	Clean     Verdict = "clean"
	Threat    Verdict = "threat"
	Unchecked Verdict = "unchecked" // the scan cannot tell, as of a file with a password
)

// Why a file that is scanned is not given out. ErrThreat is Invalid, as what is not
// taken at all; the others are Conflicts.
var (
	ErrChecking  = fault.New(fault.Conflict, "The file is being checked for malware. Try again in some minutes.").Because("file_checking")
	ErrUnchecked = fault.New(fault.Conflict, "The file could not be checked for malware.").Because("file_unchecked")
	ErrThreat    = fault.New(fault.Invalid, "The file holds malware.").Because("file_threat")
)

// GivenOut says why a file is not given out of which that is the verdict.
func (v Verdict) GivenOut() error {
	switch v {
	case Clean:
		return nil
	case "":
		return ErrChecking
	case Threat:
		return ErrThreat
	}
	return ErrUnchecked
}

// FromOutside reports whether others made what the file holds. An archive is written
// here, of files that were checked.
func (f File) FromOutside() bool { return f.For != Archive }
