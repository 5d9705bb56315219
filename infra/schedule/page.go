package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/schedule"
)

// page is what is printed.
type page struct {
	name     string
	zone     *time.Location
	schedule *schedule.Schedule
	counts   map[schedule.Class]disposal.Outlook // nil: not known
	from     string                              // where they come from
}

// section is a heading, what is said below it, and a table.
type section struct {
	title string
	words string
	table table
}

// then says in words what is done at the end of a period, and by whom.
var then = map[schedule.How]string{
	schedule.BySweep:  "by the nightly sweep, with a certificate",
	schedule.ByTTL:    "deleted by DynamoDB within a few days",
	schedule.ByBucket: "deleted by Amazon S3 at the next midnight, UTC",
	schedule.ByQueue:  "deleted by Amazon SQS",
	schedule.ByStream: "deleted by DynamoDB Streams",
	schedule.ByLogs:   "deleted by CloudWatch Logs",
	schedule.ByBackup: "no longer in any backup: the window has moved on",
	schedule.ByRead:   "no longer given out; no copy was stored",
	schedule.ByNobody: "kept",
}

var swept = map[schedule.Action]string{
	schedule.Delete: "deleted ",
	schedule.Reduce: "reduced: who they are and what they wrote goes, ",
}

func done(r schedule.Rule) string {
	if r.Class == schedule.ErasureOrder {
		return "erased by the sweep within 15 minutes, or once nothing of theirs is open or under way, with a certificate"
	}
	if r.How == schedule.BySweep {
		return swept[r.Action] + then[r.How]
	}
	return then[r.How]
}

func kept(r schedule.Rule) string {
	switch {
	case r.Period.Never:
		return "for ever"
	case r.Period == schedule.Period{}:
		return "at once from " + r.Starts
	}
	return r.Period.String() + " from " + r.Starts
}

func what(r schedule.Rule) string { return fmt.Sprintf("%s (%s)", r.Title, r.Class) }

// due are the three cells of what is to be disposed of.
func (p page) due(c schedule.Class) []string {
	o, known := p.counts[c]
	switch {
	case !known || o.Error != "":
		return []string{"?", "?", "?"}
	case o.Next.IsZero():
		return []string{"none", "0", "0"}
	}
	return []string{o.Next.In(p.zone).Format(time.DateOnly), strconv.Itoa(o.Due), strconv.Itoa(o.Soon)}
}

func (p page) sections() []section {
	sweep := table{{"What", "Kept", "Then", "Because", "Next", "Due now", "In 30 days"}}
	others, stays := table{{"What", "Kept", "Then", "Because"}}, table{{"What", "Kept", "Then", "Because"}}
	bounds := table{{"Class in desk.yaml", "Line", "From", "To", "Because"}}
	for _, r := range append([]schedule.Rule{p.schedule.Rule(schedule.ErasureOrder)}, p.schedule.Rules()...) {
		row := []string{what(r), kept(r), done(r), r.Why}
		switch r.How {
		case schedule.BySweep:
			sweep = append(sweep, append(row, p.due(r.Class)...))
		case schedule.ByNobody:
			stays = append(stays, row)
		default:
			others = append(others, row)
		}
		if r.Line != 0 {
			bounds = append(bounds, []string{string(r.Class), strconv.Itoa(r.Line), r.Min.String(), r.Max.String(), r.Bound})
		}
	}
	return []section{
		{"Disposed of by the sweep", "A record goes in the night after the last day of its period, by the calendar of " + p.zone.String() + "; never earlier. " + p.counted(), sweep},
		{"Ended by the machine that keeps it", "", others},
		{"Kept", "", stays},
		{"What desk.yaml may say", "A period outside these bounds is refused.", bounds},
	}
}

// counted says where the counts come from.
func (p page) counted() string {
	if p.counts == nil {
		return "Next dates and counts need a running stack: `make run`, then `make retention` beside it. On AWS: " +
			"`aws lambda invoke --function-name RETENTION --cli-binary-format raw-in-base64-out --payload '{\"forecast\": true}' answer.json`, " +
			"RETENTION being the stack's function of that name, then `make retention FILE=answer.json`."
	}
	return "Next dates and counts are of " + p.from + ", out of the index Disposal of its tables. What is due in 30 days includes what is due now; records under a legal hold are counted, and stay."
}

func (p page) title() string { return "Retention and disposal at " + p.name }

// backups says when erased data is gone from the backups too.
func (p page) backups() string {
	window := p.schedule.Rule(schedule.Backups).Period
	return fmt.Sprintf("What was deleted or reduced can be restored from the backups for %s more, and then by nobody. "+
		"Backups and exports of tables that you make yourself are not in this schedule.", window)
}

func (p page) text() string {
	var b strings.Builder
	b.WriteString(p.title() + "\n")
	for _, s := range p.sections() {
		b.WriteString("\n" + strings.ToUpper(s.title) + "\n")
		if s.words != "" {
			b.WriteString(strings.Join(wrap(s.words, pageWidth), "\n") + "\n")
		}
		b.WriteString("\n" + s.table.text(pageWidth))
	}
	b.WriteString("\n" + strings.Join(wrap(p.backups(), pageWidth), "\n") + "\n")
	return b.String()
}

func (p page) markdown() string {
	var b strings.Builder
	b.WriteString("# " + p.title() + "\n")
	for _, s := range p.sections() {
		b.WriteString("\n## " + s.title + "\n\n")
		if s.words != "" {
			b.WriteString(s.words + "\n\n")
		}
		b.WriteString(s.table.markdown())
	}
	return b.String() + "\n" + p.backups() + "\n"
}
