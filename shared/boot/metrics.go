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

// Units of CloudWatch metrics.
const (
	Count   = "Count"
	Seconds = "Seconds"
)

// Metric is one measured value.
type Metric struct {
	Name  string
	Unit  string
	Value float64
}

// Metrics writes CloudWatch's embedded metric format
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html):
// one log line, from which CloudWatch makes the metrics. There is one
// dimension, the function, so that no value can hold personal data.
type Metrics struct {
	Function string
	Out      io.Writer
	Now      func() time.Time
	mu       sync.Mutex
}

// NewMetrics returns the metrics of the running function.
func NewMetrics() *Metrics {
	return &Metrics{Function: os.Getenv("AWS_LAMBDA_FUNCTION_NAME"), Out: os.Stdout, Now: time.Now}
}

// Emit writes one line with all metrics.
func (m *Metrics) Emit(metrics ...Metric) {
	type definition struct{ Name, Unit string }
	line := map[string]any{"Function": m.Function}
	definitions := make([]definition, len(metrics))
	for i, metric := range metrics {
		definitions[i] = definition{metric.Name, metric.Unit}
		line[metric.Name] = metric.Value
	}
	line["_aws"] = map[string]any{
		"Timestamp": m.Now().UnixMilli(),
		"CloudWatchMetrics": []any{map[string]any{
			"Namespace": Namespace, "Dimensions": [][]string{{"Function"}}, "Metrics": definitions,
		}},
	}
	text, err := json.Marshal(line)
	if err != nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	_, _ = m.Out.Write(append(text, '\n'))
}
