package bill

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"privacydesk/shared/adapter/boot"
	"privacydesk/shared/testkit/template"
)

// Hours is the length of a month, as AWS counts it in its examples.
const Hours = 730

// Inventory is what a deployed stack has, used or not.
type Inventory struct {
	Alarms, Secrets, Dashboards, Queues float64
	UserPools                           float64            // of those who work at the desk
	Metrics                             float64            // of our own that are reported with nothing to do
	Runs                                map[string]float64 // of each schedule in a month, by logical id
	MemoryGB                            float64            // of the functions
	RightsGB                            float64            // … and of the one that takes requests
	AccessLine                          float64            // bytes of a line in the access log
	PlatformLogs                        bool               // whether Lambda's own lines are kept
}

// Take takes the inventory of a template.
func Take(t *template.Template) (Inventory, error) {
	in := Inventory{
		Alarms: count(t, "AWS::CloudWatch::Alarm"), Secrets: count(t, "AWS::SecretsManager::Secret"),
		Dashboards: count(t, "AWS::CloudWatch::Dashboard"), UserPools: count(t, "AWS::Cognito::UserPool"), Queues: float64(len(t.Pollers)), Runs: map[string]float64{},
	}
	for _, m := range boot.Metrics {
		switch m.Kind {
		case boot.Gauge:
			in.Metrics++
		case boot.Beat: // reported in one hour of each day
			in.Metrics += 1.0 / 24
		}
	}
	for _, s := range t.Schedules {
		runs, err := monthly(s.Expression)
		if err != nil {
			return in, fmt.Errorf("%s: %w", s.LogicalID, err)
		}
		in.Runs[s.LogicalID] = runs
	}
	for _, f := range t.Functions {
		switch memory := float64(f.MemoryMB) / 1024; f.Folder {
		case "desk": // an officer's pages are not counted
		case "rights":
			in.RightsGB = memory
		default:
			in.MemoryGB = memory // Globals gives all others the same
		}
	}
	api, _ := t.Resource("Api")
	in.AccessLine = accessLine(api.Text("AccessLogSettings.Format"))
	in.PlatformLogs = t.Functions[0].SystemLevel != "WARN"
	return in, nil
}

func count(t *template.Template, kind string) float64 { return float64(len(t.ByType(kind))) }

var rate = regexp.MustCompile(`^rate\((\d+) (minute|hour|day)s?\)$`)

// monthly counts the runs of a schedule in a month.
func monthly(expression string) (float64, error) {
	if parts := rate.FindStringSubmatch(expression); parts != nil {
		n, _ := strconv.Atoi(parts[1])
		each := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}[parts[2]]
		return Hours * float64(time.Hour) / (float64(n) * float64(each)), nil
	}
	if fields := strings.Fields(strings.Trim(strings.TrimPrefix(expression, "cron"), "()")); len(fields) == 6 &&
		strings.HasPrefix(expression, "cron(") && fields[2]+fields[3]+fields[4]+fields[5] == "**?*" && !strings.ContainsAny(fields[0]+fields[1], "*,-/") {
		return Hours / 24.0, nil
	}
	return 0, fmt.Errorf("how often is %s in a month? infra/costs knows rate(...) and a daily cron(...)", expression)
}

var variable = regexp.MustCompile(`\$context\.[A-Za-z.]+`)

// accessLine is about how long a line is: the value of a variable has 12
// bytes, as a mean of ids, times, routes and numbers.
func accessLine(format string) float64 {
	return float64(len(variable.ReplaceAllString(format, strings.Repeat("x", 12))))
}
