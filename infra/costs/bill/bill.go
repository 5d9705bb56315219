// Package bill computes what a month of Privacy Desk costs on AWS: volumes
// times what one of each needs (measured.yaml) times prices (prices.yaml), and
// what the template has, used or not.
//
// It does not ask AWS. A bill has taxes, discounts and data transfer; this has
// none of them.
package bill

import (
	"maps"
	"math"
	"slices"
)

// Volumes are a month's.
type Volumes struct {
	OptOuts  float64 // opt-outs at the form; one-click and links need a little less
	Imports  float64 // addresses of opt-out lists that are taken over
	Requests float64 // rights requests that people confirm
	Mails    float64 // mails that the desk sends
	MailsIn  float64 // mails that it receives
	People   float64 // opt-outs stored
}

// Line is one line of a bill.
type Line struct {
	Price   Price
	Drivers string  // what makes it grow
	Amount  float64 // units of the price
}

// Cost is what the line costs in a Region, after what is free or in full.
func (l Line) Cost(region string, free bool) float64 {
	amount := l.Amount
	if free {
		amount = max(0, amount-l.Price.Free)
	}
	return amount / l.Price.Per * l.Price.Dollars[region]
}

// Desk is all that a bill follows from.
type Desk struct {
	Prices    Prices
	Measured  Measured
	Inventory Inventory
}

// Of is the bill of a month.
func (d Desk) Of(v Volumes) []Line {
	use, seen := d.used(v), min(v.Mails, Hours)
	logLines := use.Lines + use.Requests
	logBytes := use.Bytes + use.Requests*d.Inventory.AccessLine
	if a := d.Prices.Assumed; d.Inventory.PlatformLogs {
		logLines, logBytes = logLines+use.Starts*a.PlatformLines, logBytes+use.Starts*a.PlatformBytes
	}
	stored := v.People * (d.Measured.RowBytes + d.Measured.IndexBytes) / gb
	line := func(id, drivers string, amount float64) Line { return Line{d.Prices.Prices[id], drivers, amount} }
	return []Line{
		line("alarm", "alarms in template.yaml", d.Inventory.Alarms),
		line("metric", "metrics reported all the time; letters, in the hours in which some are sent", d.Inventory.Metrics+seen/Hours),
		line("dashboard", "dashboards in template.yaml", d.Inventory.Dashboards),
		line("log-in", "schedules, opt-outs, imports, requests", (logBytes+logLines*d.Prices.Assumed.BytesBesideLine)/gb),
		line("secret", "secrets in template.yaml", d.Inventory.Secrets),
		line("api-request", "opt-outs (two each: page and answer), imports, requests", use.Requests),
		line("lambda-start", "schedules, opt-outs, imports, requests", use.Starts),
		line("lambda-time", "schedules, opt-outs, imports, requests", use.MS/1000*d.Inventory.MemoryGB+d.moreOfRights(v)),
		line("dynamodb-write", "opt-outs, imports, requests", use.Writes),
		line("dynamodb-read", "schedules, opt-outs, imports, requests; each day all that is stored, once", use.Reads),
		line("dynamodb-storage", "opt-outs stored", stored),
		line("dynamodb-backup", "opt-outs stored", v.People*d.Measured.RowBytes/gb),
		line("mail-out", "mails sent", v.Mails),
		line("mail-in", "mails received", v.MailsIn),
		line("queue-request", "the queue of SES's events is asked all the time", d.Inventory.Queues*d.Prices.Assumed.PollsOfAQueue*60*Hours),
		line("schedule-run", "schedules in template.yaml", d.runs()),
		line("login-person", "people at the desk, unless another OpenID provider is named", d.Inventory.UserPools*d.Prices.Assumed.Staff),
	}
}

// moreOfRights are the GB-seconds that requests cost beyond others, as if the function that has more memory did all of them.
func (d Desk) moreOfRights(v Volumes) float64 {
	return v.Requests * d.Measured.Request.MS / 1000 * (d.Inventory.RightsGB - d.Inventory.MemoryGB)
}

const gb = 1 << 30

// readUnit is what one read request unit reads of a table in two goes, since a
// reconciliation reads eventually consistent: 8 KB.
const readUnit = 8 << 10

// used sums what schedules and volumes use.
func (d Desk) used(v Volumes) (sum Use) {
	sum.add(d.Measured.OptOut, v.OptOuts)
	sum.add(d.Measured.Request, v.Requests)
	sum.add(d.Measured.Import, v.Imports)
	for _, id := range slices.Sorted(maps.Keys(d.Inventory.Runs)) {
		sum.add(d.Measured.Runs[id], d.Inventory.Runs[id])
	}
	sum.Reads += v.People * d.Measured.RowBytes / readUnit * Hours / 24
	return sum
}

func (u *Use) add(one Use, times float64) {
	u.Requests += one.Requests * times
	u.Starts += one.Starts * times
	u.MS += one.MS * times
	u.Writes += one.Writes * times
	u.Reads += one.Reads * times
	u.Lines += one.Lines * times
	u.Bytes += one.Bytes * times
}

func (d Desk) runs() (sum float64) {
	for _, id := range slices.Sorted(maps.Keys(d.Inventory.Runs)) {
		sum += d.Inventory.Runs[id]
	}
	return sum
}

// WaitOfAMillion is what it costs in a Region, without free tiers, when a
// million opt-outs come at once: suppression waits a second for each, since SES
// takes one call a second, and Lambda charges the wait.
func (d Desk) WaitOfAMillion(region string) float64 {
	return Line{Price: d.Prices.Prices["lambda-time"], Amount: 1e6 * d.Inventory.MemoryGB}.Cost(region, false)
}

// Total is the sum of a bill, to the cent.
func Total(lines []Line, region string, free bool) (sum float64) {
	for _, l := range lines {
		sum += l.Cost(region, free)
	}
	return math.Round(100*sum) / 100
}
