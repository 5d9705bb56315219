package boot

// Kind says when a figure is reported as a CloudWatch metric. CloudWatch
// charges a metric by the hour in which it is reported
// (https://aws.amazon.com/cloudwatch/pricing/).
type Kind int

// The kinds of metrics.
const (
	Tally Kind = iota // reported when it is not 0; silence means 0
	Gauge             // reported by every run; 0 is news
	Beat              // reported by a run that ended well; silence rings an alarm
)

// Metric is a figure that CloudWatch keeps, with the dimension Function alone.
type Metric struct {
	Function string // folder of the only function that reports it
	Name     string
	Unit     string // as CloudWatch names it
	Kind     Kind
}

// Metrics lists every metric that functions report. An alarm or the dashboard
// reads each of them (infra/rules). Any other figure is a field of the log line
// alone, under its own name.
var Metrics = []Metric{
	{"unsubscribe", "FormValuesIgnored", "Count", Tally},
	{"suppression", "Pending", "Count", Gauge},
	{"suppression", "OldestPendingSeconds", "Seconds", Gauge},
	{"suppression", "SecondsSinceReconciliation", "Seconds", Gauge},
	{"suppression", "SuppressionFailed", "Count", Tally},
	{"suppression", "Drift", "Count", Tally},
	{"suppression", "RowsDeletedByHand", "Count", Tally},
	{"notices", "MailsSent", "Count", Tally},
	{"notices", "MailsPostponed", "Count", Tally},
	{"notices", "MailsFailed", "Count", Tally},
	{"notices", "MailsUnknown", "Count", Tally},
	{"notices", "MailsOverBudget", "Count", Tally},
	{"systems", "ChoicesBehindSeconds", "Seconds", Tally},
	{"clock", "RequestsOverdue", "Count", Gauge},
	{"clock", "RequestsDueSoon", "Count", Gauge},
	{"clock", "OptOutsLate", "Count", Gauge},
	{"retention", "OldestErasureSeconds", "Seconds", Tally},
	{"retention", "NightlyDisposals", "Count", Beat},
}

func metric(name string) (Metric, bool) {
	for _, m := range Metrics {
		if m.Name == name {
			return m, true
		}
	}
	return Metric{}, false
}
