package boot

import (
	"strings"
	"testing"
	"time"
)

// What is a metric is declared; what is none is a field; a zero costs nothing.
func TestReport(t *testing.T) {
	const metrics = `"CloudWatchMetrics":[{"Dimensions":[["Function"]],"Metrics":[{"Name":"%","Unit":"Count"}],"Namespace":"PrivacyDesk"}],"Timestamp":1000`
	declared := func(name string) string { return `"_aws":{` + strings.ReplaceAll(metrics, "%", name) + `}` }
	for name, c := range map[string]struct {
		figures Figures
		want    string
	}{
		"nothing":             {nil, ""},
		"only zeros":          {Figures{"SuppressionPut": 0, "MailsFailed": 0, "NightlyDisposals": 0}, ""},
		"a gauge at zero":     {Figures{"Pending": 0}, `{"Function":"f","Pending":0,` + declared("Pending") + "}\n"},
		"a tally":             {Figures{"MailsFailed": 2}, `{"Function":"f","MailsFailed":2,` + declared("MailsFailed") + "}\n"},
		"a beat":              {Figures{"NightlyDisposals": 1}, `{"Function":"f","NightlyDisposals":1,` + declared("NightlyDisposals") + "}\n"},
		"no metric":           {Figures{"SuppressionPut": 3}, `{"Function":"f","SuppressionPut":3}` + "\n"},
		"a metric and fields": {Figures{"SuppressionPut": 3, "SuppressionFailed": 0, "Drift": 10}, `{"Drift":10,"Function":"f","SuppressionPut":3,` + declared("Drift") + "}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			r := &Reporter{Function: "f", Out: &out, Now: func() time.Time { return time.Unix(1, 0) }}
			if r.Report(c.figures); out.String() != c.want {
				t.Errorf("got  %swant %s", out.String(), c.want)
			}
		})
	}
}
