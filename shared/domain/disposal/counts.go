package disposal

// Fate is what becomes of a record that is due.
type Fate string

// The fates. Whatever is not disposed of or reduced stays, and is found again
// by the next run.
const (
	Disposed Fate = "disposed" // deleted
	Reduced  Fate = "reduced"  // what is personal is gone, the rest is kept
	Held     Fate = "held"     // a legal hold is on it
	Waiting  Fate = "waiting"  // SES or the person must be told of it first
	Moved    Fate = "moved"    // it has changed meanwhile: its period runs anew
	Gone     Fate = "gone"     // somebody else has deleted it
	Failed   Fate = "failed"   // an error; the log says which
)

// Counts says how many records were due, and what became of them. Due is the
// sum of all others.
type Counts struct {
	Due      int `json:"due"`
	Disposed int `json:"disposed"`
	Reduced  int `json:"reduced"`
	Held     int `json:"held"`
	Waiting  int `json:"waiting"`
	Moved    int `json:"moved"`
	Gone     int `json:"gone"`
	Failed   int `json:"failed"`
}

func (c *Counts) of(f Fate) *int {
	switch f {
	case Disposed:
		return &c.Disposed
	case Reduced:
		return &c.Reduced
	case Held:
		return &c.Held
	case Waiting:
		return &c.Waiting
	case Moved:
		return &c.Moved
	case Gone:
		return &c.Gone
	}
	return &c.Failed
}

func (c *Counts) add(f Fate, n int) {
	c.Due += n
	*c.of(f) += n
}

// plus returns the sum of both.
func (c Counts) plus(o Counts) Counts {
	return Counts{
		c.Due + o.Due, c.Disposed + o.Disposed, c.Reduced + o.Reduced, c.Held + o.Held,
		c.Waiting + o.Waiting, c.Moved + o.Moved, c.Gone + o.Gone, c.Failed + o.Failed,
	}
}

// ended is how many records are no longer what they were.
func (c Counts) ended() int { return c.Disposed + c.Reduced }

// whole reports whether every record that was due has one fate.
func (c Counts) whole() bool {
	return c.Due == c.ended()+c.Held+c.Waiting+c.Moved+c.Gone+c.Failed && min(c.Disposed, c.Reduced, c.Held, c.Waiting, c.Moved, c.Gone, c.Failed) >= 0
}
