package holiday

// Calendar tells the working days of a place.
type Calendar struct {
	ID        string   `yaml:"id"`
	Name      string   `yaml:"name"`
	Weekend   []string `yaml:"weekend"` // weekdays in English, lower case
	Source    string   `yaml:"source"`
	Checked   string   `yaml:"checked"`
	CheckedOn string   `yaml:"checked_on"`
	Holidays  []Rule   `yaml:"holidays"`
}

// Rule is one rule for a public holiday.
type Rule struct {
	Name     string `yaml:"name"`
	Kind     string `yaml:"rule"` // Fixed, NthWeekday, WeekdayBefore, EasterOffset or Once
	Month    int    `yaml:"month"`
	Day      int    `yaml:"day"`
	Weekday  string `yaml:"weekday"`
	Nth      int    `yaml:"nth"`      // 1 to 4, -1 the last
	Offset   int    `yaml:"offset"`   // days after Easter Sunday
	Date     string `yaml:"date"`     // of Once
	Since    int    `yaml:"since"`    // first year, 0 always
	Observed string `yaml:"observed"` // "", NearestWeekday or NextWeekday
}

// The holiday rules: a date of each year; the nth weekday of a month; the last such weekday before a date;
// days after Easter Sunday (Gregorian); one date only.
const (
	Fixed         = "fixed"
	NthWeekday    = "nth_weekday"
	WeekdayBefore = "weekday_before"
	EasterOffset  = "easter"
	Once          = "once"
)

// What happens to a holiday on a weekend: Saturday is kept on Friday and Sunday on Monday, or it is kept on the
// next working day that is no holiday itself.
const (
	NearestWeekday = "nearest_weekday"
	NextWeekday    = "next_weekday"
)
