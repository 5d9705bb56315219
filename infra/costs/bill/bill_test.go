package bill

import (
	"math"
	"testing"

	"privacydesk/shared/testkit/template"
)

func desk(tb testing.TB) Desk {
	tb.Helper()
	t, err := template.Load("../../../template.yaml", template.Options{Parameters: map[string]string{"PublicUrl": "https://privacy.example.com", "SesFrom": "privacy@example.com"}})
	if err != nil {
		tb.Fatal(err)
	}
	var d Desk
	if d.Inventory, err = Take(t); err != nil {
		tb.Fatal(err)
	}
	if d.Prices, err = LoadPrices(); err != nil {
		tb.Fatal(err)
	}
	if d.Measured, err = LoadMeasured(); err != nil {
		tb.Fatal(err)
	}
	for id := range d.Inventory.Runs {
		if d.Measured.Runs[id].Starts == 0 {
			tb.Errorf("measured.yaml has no run of %s: measure anew", id)
		}
	}
	return d
}

// An idle desk costs three dollars at most, where nothing else uses up the account's free tiers.
func TestAnIdleDeskIsCheap(t *testing.T) {
	if got := Total(desk(t).Of(Volumes{}), "us-east-1", true); got <= 0 || got > 3 {
		t.Errorf("$%.2f a month", got)
	}
}

// Each volume drives what it should, and nothing else.
func TestVolumesDriveTheirLines(t *testing.T) {
	d := desk(t)
	idle := d.Of(Volumes{})
	acts := []string{"request of the HTTP API", "start of a function", "GB-second (arm64)", "GB of logs taken in", "write request unit", "read request unit"}
	for name, c := range map[string]struct {
		volumes Volumes
		drives  []string
	}{
		"opt-outs":       {Volumes{OptOuts: 1000}, acts},
		"imports":        {Volumes{Imports: 1000}, acts},
		"requests":       {Volumes{Requests: 1000}, acts},
		"mails":          {Volumes{Mails: 1000}, []string{"mail sent", "custom metric"}},
		"mails received": {Volumes{MailsIn: 1000}, []string{"mail received"}},
		"people":         {Volumes{People: 1000}, []string{"read request unit", "GB-month stored", "GB-month of backup (point in time)"}},
	} {
		t.Run(name, func(t *testing.T) {
			want := map[string]bool{}
			for _, unit := range c.drives {
				want[unit] = true
			}
			for i, line := range d.Of(c.volumes) {
				if more := line.Amount > idle[i].Amount; more != want[line.Price.Unit] {
					t.Errorf("that it needs more of %q is %v", line.Price.Unit, more)
				}
			}
		})
	}
}

func TestFreeTiersAreTakenOffOnce(t *testing.T) {
	l := Line{Price: Price{Per: 10, Free: 15, Dollars: map[string]float64{"r": 2}}, Amount: 35}
	if free, full := l.Cost("r", true), l.Cost("r", false); free != 4 || full != 7 {
		t.Errorf("%v and %v", free, full)
	}
	l.Amount = 5
	if free := l.Cost("r", true); free != 0 {
		t.Errorf("less than is free costs %v", free)
	}
}

func TestRunsInAMonth(t *testing.T) {
	for expression, want := range map[string]float64{
		"rate(1 minute)": 43800, "rate(15 minutes)": 2920, "rate(1 hour)": 730, "rate(1 day)": 730.0 / 24, "cron(15 3 * * ? *)": 730.0 / 24,
	} {
		if got, err := monthly(expression); err != nil || math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: %v, %v", expression, got, err)
		}
	}
	for _, expression := range []string{"cron(0/5 * * * ? *)", "cron(0 3 1 * ? *)", "at(2026-01-01T00:00:00)", "rate(1 week)", ""} {
		if n, err := monthly(expression); err == nil {
			t.Errorf("%q is taken for %v runs", expression, n)
		}
	}
}

func TestPricesAreHeld(t *testing.T) {
	good := Price{Service: "S", Unit: "u", Per: 1, Page: "p", Known: map[string]string{"r": "page"}, Dollars: map[string]float64{"r": 1}}
	if err := good.check([]string{"r"}); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Price){
		"no unit":             func(p *Price) { p.Unit = "" },
		"no page":             func(p *Price) { p.Page = "" },
		"per nothing":         func(p *Price) { p.Per = 0 },
		"free below nothing":  func(p *Price) { p.Free = -1 },
		"another Region":      func(p *Price) { p.Dollars = map[string]float64{"s": 1} },
		"no price":            func(p *Price) { p.Dollars = map[string]float64{"r": 0} },
		"known from nowhere":  func(p *Price) { p.Known = nil },
		"known by a new word": func(p *Price) { p.Known = map[string]string{"r": "rumour"} },
	} {
		bad := good
		if spoil(&bad); bad.check([]string{"r"}) == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// A function with more memory costs more a second.
func TestRequestsCostTheMemoryOfTheirFunction(t *testing.T) {
	d, v := desk(t), Volumes{Requests: 1000}
	if d.Inventory.MemoryGB != 0.25 || d.Inventory.RightsGB != 0.5 {
		t.Fatalf("%v GB and %v GB", d.Inventory.MemoryGB, d.Inventory.RightsGB)
	}
	var used float64
	for i, line := range d.Of(v) {
		if line.Price.Unit == "GB-second (arm64)" {
			used = line.Amount - d.Of(Volumes{})[i].Amount
		}
	}
	if want := d.Measured.Request.MS * 0.5; math.Abs(used-want) > 0.01*want {
		t.Errorf("%v GB-seconds, want %v", used, want)
	}
}
