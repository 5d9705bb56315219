package boot

import (
	"encoding/json"
	"io"
	"os"
	"sync"
	"time"
)

// Namespace is where all metrics stand in CloudWatch.
const Namespace = "PrivacyDesk"

// Figures are what a run has counted or measured, by name: counts, or seconds
// where the name says so.
type Figures map[string]float64

// Reporter writes figures as one JSON line. Those that Metrics lists are
// declared in CloudWatch's embedded metric format
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html);
// Logs Insights reads all of them as fields. There is one dimension, the
// function, so that no value can hold personal data.
type Reporter struct {
	Function string
	Out      io.Writer
	Now      func() time.Time
	mu       sync.Mutex
}

// NewReporter returns the reporter of the running function.
func NewReporter() *Reporter {
	return &Reporter{Function: os.Getenv("AWS_LAMBDA_FUNCTION_NAME"), Out: os.Stdout, Now: time.Now}
}

// definition declares a metric in the embedded metric format.
type definition struct{ Name, Unit string }

// Report writes one line, or none where there is nothing to say: a figure at 0
// is left out, unless it is a Gauge.
func (r *Reporter) Report(figures Figures) {
	line := map[string]any{}
	var declared []definition
	for name, value := range figures {
		m, listed := metric(name)
		if value == 0 && m.Kind != Gauge {
			continue
		}
		line[name] = value
		if listed {
			declared = append(declared, definition{m.Name, m.Unit})
		}
	}
	if len(line) > 0 {
		r.write(line, declared)
	}
}

func (r *Reporter) write(line map[string]any, declared []definition) {
	line["Function"] = r.Function
	if len(declared) > 0 {
		line["_aws"] = map[string]any{
			"Timestamp": r.Now().UnixMilli(),
			"CloudWatchMetrics": []any{map[string]any{
				"Namespace": Namespace, "Dimensions": [][]string{{"Function"}}, "Metrics": declared,
			}},
		}
	}
	text, err := json.Marshal(line)
	if err != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	_, _ = r.Out.Write(append(text, '\n'))
}
