package rules

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"privacydesk/infra/dashboard"
	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/testkit/template"
)

// CloudWatch draws boxes that overlap one over the other, and refuses one that stands out of the grid.
func TestDashboardFillsItsGrid(t *testing.T) {
	d, taken := loadDashboard(t), map[[2]int]bool{}
	bottom := 0
	for i, w := range d.Widgets {
		if w.X < 0 || w.Y < 0 || w.Width < 1 || w.Height < 1 || w.X+w.Width > dashboard.Columns {
			t.Errorf("box %d, %q, stands out of the grid of %d columns", i, w.Properties.Title, dashboard.Columns)
		}
		for x := w.X; x < w.X+w.Width; x++ {
			for y := w.Y; y < w.Y+w.Height; y++ {
				if taken[[2]int{x, y}] {
					t.Fatalf("box %d, %q, stands over another", i, w.Properties.Title)
				}
				taken[[2]int{x, y}] = true
			}
		}
		bottom = max(bottom, w.Y+w.Height)
	}
	if len(taken) != dashboard.Columns*bottom {
		t.Errorf("%d of %d places are taken: there are gaps", len(taken), dashboard.Columns*bottom)
	}
	if n := len(metricsOf(d)); n > freeOnDashboard {
		t.Errorf("the dashboard has %d metrics and expressions; up to %d it is free", n, freeOnDashboard)
	}
}

// Whoever looks must know what is counted, in what unit.
func TestDashboardExplainsItself(t *testing.T) {
	for _, w := range loadDashboard(t).Widgets {
		p := w.Properties
		if w.Type == "text" && p.Markdown == "" || w.Type != "text" && p.Title == "" {
			t.Errorf("the box at %d/%d says nothing", w.X, w.Y)
		}
		if w.Type == "metric" && (p.YAxis.Left.Label == "" || p.Period == 0 || p.Stat == "" || p.Region != template.Region) {
			t.Errorf("%q has no unit, period, statistic or Region", p.Title)
		}
		for _, m := range p.Metrics {
			if !m.Hidden() && m.Options.Label == "" {
				t.Errorf("%q: %s has no label", p.Title, m.Name)
			}
		}
	}
}

// identified says which resources the metrics of AWS on the dashboard may be of, by namespace and dimension.
var identified = map[string]string{
	"AWS/Lambda FunctionName": "AWS::Serverless::Function",
	"AWS/ApiGateway ApiId":    "AWS::Serverless::HttpApi",
	"AWS/SQS QueueName":       "AWS::SQS::Queue",
	"AWS/DynamoDB TableName":  "AWS::DynamoDB::Table",
	"AWS/Logs LogGroupName":   "AWS::Logs::LogGroup",
}

// ofAWS are the metrics of AWS that are known to exist, each in its service's own list of metrics.
var ofAWS = []string{
	"AWS/Lambda Errors", "AWS/Lambda Throttles", "AWS/Lambda Invocations", "AWS/ApiGateway 4xx", "AWS/ApiGateway 5xx", "AWS/ApiGateway Latency", "AWS/ApiGateway IntegrationLatency",
	"AWS/SQS ApproximateNumberOfMessagesVisible", "AWS/DynamoDB ConsumedReadCapacityUnits", "AWS/DynamoDB ConsumedWriteCapacityUnits", "AWS/Logs IncomingBytes",
}

func TestDashboardShowsWhatThereIs(t *testing.T) {
	tpl := loadTemplate(t)
	for _, m := range metricsOf(loadDashboard(t)) {
		switch {
		case m.Options.Expression != "" || m.Namespace == boot.Namespace: // TestMetricsAreReportedAndRead
		case strings.HasPrefix(m.Namespace, boot.Namespace+"/"):
			filter, _ := tpl.Resource("ThrottledRequests")
			if text := textOf(t, filter.Properties); !strings.Contains(text, `"`+m.Namespace+`"`) || !strings.Contains(text, `"`+m.Name+`"`) {
				t.Errorf("no metric filter counts %s %s", m.Namespace, m.Name)
			}
		case !slices.Contains(ofAWS, m.Namespace+" "+m.Name):
			t.Errorf("%s %s: add it to the metrics of AWS once you have read that it exists", m.Namespace, m.Name)
		default:
			kind := identified[m.Namespace+" "+m.Dimension]
			if !slices.ContainsFunc(tpl.ByType(kind), func(r template.Resource) bool { return physical(r) == m.Value }) {
				t.Errorf("%s %s: template.yaml has no %s whose %s is %q", m.Namespace, m.Name, kind, m.Dimension, m.Value)
			}
		}
	}
}

// physical is the name by which metrics know a resource: of a queue the end of its URL, of a log group all of it.
func physical(r template.Resource) string {
	_, queue, found := strings.Cut(r.Ref, ".amazonaws.com/"+template.Account+"/")
	if found {
		return queue
	}
	return r.Ref
}

// A line across a graph is where an alarm on a metric of that graph rings, in the unit of the graph.
func TestDashboardLinesAreThoseOfAlarms(t *testing.T) {
	tpl, lines := loadTemplate(t), 0
	for _, w := range loadDashboard(t).Widgets {
		for _, line := range w.Properties.Annotations.Horizontal {
			lines++
			alarm, ok := tpl.Resource(line.Label)
			threshold, _ := strconv.ParseFloat(alarm.Text("Threshold"), 64)
			by := 1.0
			for _, m := range w.Properties.Metrics {
				if _, text, scaled := m.Scale(); scaled {
					by, _ = strconv.ParseFloat(text, 64)
				}
			}
			reads := slices.ContainsFunc(w.Properties.Metrics, func(m dashboard.Metric) bool {
				return m.Namespace == alarm.Text("Namespace") && m.Name == alarm.Text("MetricName")
			})
			if !ok || !reads || line.Value*by != threshold {
				t.Errorf("%q has a line at %v for %s, which rings at %v of %s", w.Properties.Title, line.Value, line.Label, threshold, alarm.Text("MetricName"))
			}
		}
	}
	if lines < 10 {
		t.Errorf("only %d lines", lines)
	}
}

func TestDashboardHasEveryAlarm(t *testing.T) {
	var shown []string
	for _, w := range loadDashboard(t).Widgets {
		shown = append(shown, w.Properties.Alarms...)
	}
	for _, a := range loadTemplate(t).ByType("AWS::CloudWatch::Alarm") {
		if !slices.Contains(shown, a.ARN) {
			t.Errorf("%s is not on the dashboard: add it to the box %q", a.LogicalID, "Alarms")
		}
	}
}
