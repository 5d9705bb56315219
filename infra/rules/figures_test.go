package rules

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"privacydesk/infra/dashboard"
	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/testkit/template"
)

// CloudWatch gives ten metrics and one dashboard of fifty away (https://aws.amazon.com/cloudwatch/pricing/).
const (
	freeMetrics     = 10
	freeOnDashboard = 50
)

// A metric that nothing reads costs money for nothing; one that is read and not reported is a promise that nobody keeps.
func TestMetricsAreReportedAndRead(t *testing.T) {
	tpl, board := loadTemplate(t), loadDashboard(t)
	readers := map[string]int{}
	for _, a := range tpl.ByType("AWS::CloudWatch::Alarm") {
		if a.Text("Namespace") == boot.Namespace {
			readers[a.Text("MetricName")]++
			checkDimension(t, tpl, a.LogicalID, a.Text("MetricName"), alarmDimension(t, a))
		}
	}
	for _, m := range metricsOf(board) {
		if m.Namespace == boot.Namespace {
			readers[m.Name]++
			checkDimension(t, tpl, "the dashboard", m.Name, m.Dimension+"="+m.Value)
		}
	}
	for _, m := range boot.Metrics {
		if readers[m.Name] == 0 {
			t.Errorf("%s is reported, and neither an alarm nor the dashboard reads it: let it be a field of the log line", m.Name)
		}
		delete(readers, m.Name)
	}
	for name := range readers {
		t.Errorf("%s is read, and shared/adapter/boot/figures.go has no such metric", name)
	}
}

// Each metric comes from one function, so the dimension Function multiplies none of them.
func TestMetricsComeFromTheirFunction(t *testing.T) {
	idle := 0
	for _, m := range boot.Metrics {
		for _, f := range loadTemplate(t).Functions {
			if has := strings.Contains(sourceOf(t, "functions/"+f.Folder), `"`+m.Name+`"`); has != (f.Folder == m.Function) {
				t.Errorf("%s is of %s; that functions/%s names it is %v", m.Name, m.Function, f.Folder, has)
			}
		}
		if m.Kind != boot.Tally {
			idle++
		}
	}
	if idle > freeMetrics {
		t.Errorf("%d metrics are reported with nothing to do; %d are free", idle, freeMetrics)
	}
}

// A metric that is silent at 0 rings nothing by its silence, and its alarm ends on silence.
func TestSilenceMeansWhatAlarmsTakeItFor(t *testing.T) {
	kinds := map[string]boot.Kind{}
	for _, m := range boot.Metrics {
		kinds[m.Name] = m.Kind
	}
	for _, a := range loadTemplate(t).ByType("AWS::CloudWatch::Alarm") {
		if a.Text("Namespace") != boot.Namespace {
			continue
		}
		missing, onSilence := a.Text("TreatMissingData"), strings.HasPrefix(a.Text("ComparisonOperator"), "LessThan")
		_, told := a.Get("InsufficientDataActions")
		switch kind := kinds[a.Text("MetricName")]; {
		case kind == boot.Tally && (missing != "notBreaching" || onSilence):
			t.Errorf("%s: %s is not reported at 0, so missing data must not be breaching", a.LogicalID, a.Text("MetricName"))
		case kind == boot.Beat && (!onSilence || !told):
			t.Errorf("%s: silence of %s must ring", a.LogicalID, a.Text("MetricName"))
		}
	}
}

func checkDimension(t *testing.T, tpl *template.Template, reader, name, got string) {
	t.Helper()
	i := slices.IndexFunc(boot.Metrics, func(m boot.Metric) bool { return m.Name == name })
	if i < 0 {
		return // said elsewhere
	}
	f, _ := tpl.Function(boot.Metrics[i].Function)
	if want := "Function=" + f.Name; got != want {
		t.Errorf("%s reads %s of %s, which is reported with %s", reader, name, got, want)
	}
}

func alarmDimension(t *testing.T, a template.Resource) string {
	t.Helper()
	var p struct {
		Dimensions []struct{ Name, Value string }
	}
	if err := a.Decode(&p); err != nil || len(p.Dimensions) > 1 {
		t.Fatalf("%s: %+v, %v", a.LogicalID, p, err)
	}
	if len(p.Dimensions) == 0 {
		return "="
	}
	return p.Dimensions[0].Name + "=" + p.Dimensions[0].Value
}

func loadDashboard(tb testing.TB) dashboard.Dashboard {
	tb.Helper()
	d, err := dashboard.Load(root + "/template.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func metricsOf(d dashboard.Dashboard) []dashboard.Metric {
	var all []dashboard.Metric
	for _, w := range d.Widgets {
		all = append(all, w.Properties.Metrics...)
	}
	return all
}

// sourceOf is all Go code of a folder and of those below it, without tests.
func sourceOf(tb testing.TB, folder string) string {
	tb.Helper()
	var source strings.Builder
	for _, file := range goFiles(tb, folder) {
		source.WriteString(read(tb, file))
	}
	return source.String()
}

func goFiles(tb testing.TB, folder string) []string {
	tb.Helper()
	all := slices.DeleteFunc(filesOf(tb, ".go"), func(file string) bool {
		return !strings.HasPrefix(rel(file), folder+"/") || strings.HasSuffix(file, "_test.go")
	})
	if len(all) == 0 {
		tb.Fatalf("%s has no Go code", folder)
	}
	return all
}

func textOf(tb testing.TB, value any) string {
	tb.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}
