package suppression

import (
	"slices"
	"time"

	"privacydesk/shared/domain/person"
)

// Cause is a way in which SES and the table disagree.
type Cause string

// The causes of drift, and what is done about each.
const (
	Missing       Cause = "missing"        // SES has lost it: made pending again
	MissingErased Cause = "missing_erased" // SES has lost it, and the address is erased: cannot be put again
	Unrecorded    Cause = "unrecorded"     // listed, and no event reported it: recorded as bounce or complaint
	StillListed   Cause = "still_listed"   // opted in again, but our entry is still there: deleted
	SESOwn        Cause = "ses_own"        // opted in again, but SES made the entry: left as it is
	Unreadable    Cause = "unreadable"     // listed, but no address that we could know: left as it is
)

// samples is how many references a report shows of each cause.
const samples = 10

// Drift is the report of one reconciliation: what did not agree
// and was repaired, or would be, where DryRun. It holds no address.
type Drift struct {
	ID        string                 `json:"id"`
	DryRun    bool                   `json:"dry_run"`
	Started   time.Time              `json:"started"`
	Ended     time.Time              `json:"ended,omitzero"`
	Entries   int                    `json:"entries"`  // on SES's list
	Expected  int                    `json:"expected"` // people whom the table wanted there
	Pages     int                    `json:"pages"`
	Calls     int                    `json:"calls"` // of SES, the pages among them
	Restarts  int                    `json:"restarts,omitempty"`
	Abandoned bool                   `json:"abandoned,omitempty"` // before the end of the list: see Whole
	Counts    map[Cause]int          `json:"counts,omitempty"`    // none: all agreed
	Samples   map[Cause][]person.Ref `json:"samples,omitempty"`
}

// Total is the number of people of whom SES and the table did not agree.
func (d Drift) Total() int {
	total := 0
	for _, n := range d.Counts {
		total += n
	}
	return total
}

// Whole reports whether the run has compared the whole list and repaired what
// differed. One that was abandoned has not; the next begins anew.
func (d Drift) Whole() bool { return !d.DryRun && !d.Abandoned }

// Repaired is the part of Total that the run has put right. The rest is found
// again by every run.
func (d Drift) Repaired() int {
	return d.Counts[Missing] + d.Counts[Unrecorded] + d.Counts[StillListed]
}

func (d *Drift) count(c Cause, ref person.Ref) {
	if d.Counts == nil {
		d.Counts = map[Cause]int{}
	}
	if d.Samples == nil {
		d.Samples = map[Cause][]person.Ref{}
	}
	d.Counts[c]++
	if s := d.Samples[c]; ref != "" && len(s) < samples && !slices.Contains(s, ref) {
		d.Samples[c] = append(s, ref)
	}
}
