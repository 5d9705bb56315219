package disposal

// Outcome is what becomes of a record that is due.
type Outcome string

// The outcomes. Whatever is neither deleted nor reduced stays as it is, and the
// next sweep finds it again.
const (
	Deleted Outcome = "deleted"
	Reduced Outcome = "reduced" // what is personal is gone, the rest is kept
	Held    Outcome = "held"    // a legal hold covers it
	Waiting Outcome = "waiting" // SES or the person must be told first
	Changed Outcome = "changed" // it has changed since it was found: its period runs anew
	Gone    Outcome = "gone"    // something else has deleted or reduced it
	Failed  Outcome = "failed"  // an error; the log says which
)

// Counts says what became of the records that were due.
type Counts struct {
	Deleted int `json:"deleted"`
	Reduced int `json:"reduced"`
	Held    int `json:"held"`
	Waiting int `json:"waiting"`
	Changed int `json:"changed"`
	Gone    int `json:"gone"`
	Failed  int `json:"failed"`
}

// Due is how many records were due.
func (c Counts) Due() int {
	return c.Deleted + c.Reduced + c.Held + c.Waiting + c.Changed + c.Gone + c.Failed
}

func (c *Counts) add(o Outcome) {
	for outcome, n := range map[Outcome]*int{
		Deleted: &c.Deleted, Reduced: &c.Reduced, Held: &c.Held, Waiting: &c.Waiting, Changed: &c.Changed, Gone: &c.Gone, Failed: &c.Failed,
	} {
		if outcome == o {
			*n++
		}
	}
}
