package faults

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"strings"
	"sync"
	"time"
)

// What services answer when they refuse.
var (
	Throttled = Refusal{400, "ProvisionedThroughputExceededException"} // DynamoDB
	Broken    = Refusal{500, "InternalServerError"}
	Away      = Refusal{503, "ServiceUnavailable"}
	TooMany   = Refusal{429, "TooManyRequestsException"} // SES
)

// Plan draws the outcome of every call from one seed. What a call gets depends on
// the seed, the step and the call itself, not on what else is under way: calls
// at the same time may come in any order and each gets the same.
type Plan struct {
	Seed   uint64
	Clock  *Clock
	Often  float64          // the share of calls that something happens to in calm weather
	Crowd  float64          // the share of calls during which others act, beside that
	Kill   func(*Call)      // ends the caller: nothing more of it arrives
	Act    func(*rand.Rand) // others act meanwhile
	MayAct func(*Call) bool // whether they may now

	mu     sync.Mutex
	step   uint64
	drawn  map[string]uint64
	counts map[string]int
	storms []storm
}

// mishap is one row of the table of what can happen.
type mishap struct {
	name    string
	service Service // "": any
	weight  int
	outcome func(*Plan, *Call, *rand.Rand) Outcome
}

func refused(r Refusal, after bool) func(*Plan, *Call, *rand.Rand) Outcome {
	return func(*Plan, *Call, *rand.Rand) Outcome { return Outcome{Refused: r, After: after} }
}

func lost(after bool) func(*Plan, *Call, *rand.Rand) Outcome {
	return func(*Plan, *Call, *rand.Rand) Outcome { return Outcome{Lost: true, After: after} }
}

func killed(after bool) func(*Plan, *Call, *rand.Rand) Outcome {
	return func(p *Plan, c *Call, _ *rand.Rand) Outcome {
		return Outcome{After: after, Meanwhile: func() bool { p.Kill(c); return true }}
	}
}

func meanwhile(after bool) func(*Plan, *Call, *rand.Rand) Outcome {
	return func(p *Plan, c *Call, random *rand.Rand) Outcome {
		return Outcome{After: after, Meanwhile: func() bool { p.Act(random); return false }}
	}
}

func jump(after bool, minimum, maximum time.Duration) func(*Plan, *Call, *rand.Rand) Outcome {
	return func(p *Plan, _ *Call, random *rand.Rand) Outcome {
		d := minimum + time.Duration(random.Int64N(int64(maximum-minimum))).Truncate(time.Millisecond)
		return Outcome{After: after, Meanwhile: func() bool { p.Clock.Move(d); return false }}
	}
}

var mishaps = []mishap{
	{"slow", "", 6, jump(false, time.Millisecond, 20*time.Second)},
	{"slow answer", "", 6, jump(true, time.Millisecond, 20*time.Second)},
	{"the clock goes back", "", 2, jump(false, -time.Minute, 0)},
	{"lost before", "", 6, lost(false)},
	{"lost after", "", 8, lost(true)},
	{"killed before", "", 6, killed(false)},
	{"killed after", "", 8, killed(true)},
	{"throttled", DynamoDB, 5, refused(Throttled, false)},
	{"500", DynamoDB, 3, refused(Broken, false)},
	{"500 after", DynamoDB, 4, refused(Broken, true)},
	{"stale index", DynamoDB, 6, func(*Plan, *Call, *rand.Rand) Outcome { return Outcome{Stale: true} }},
	{"429", SES, 4, refused(TooMany, false)},
	{"429 after", SES, 3, refused(TooMany, true)},
	{"503", SES, 3, refused(Away, false)},
	{"503 after", SES, 4, refused(Away, true)},
}

// storm is a time of many faults of one kind.
type storm struct {
	name   string
	often  float64
	until  uint64 // step
	prefix string // of the refs that it is about; "": all
	mishap
}

// weathers are the storms that may come up, each about once in so many steps.
var weathers = []struct {
	storm
	every, lasts int
}{
	{storm{"429 burst", 0.9, 0, "", mishap{service: SES, outcome: refused(TooMany, false)}}, 90, 12},
	{storm{"503 burst", 0.8, 0, "", mishap{service: SES, outcome: refused(Away, true)}}, 120, 10},
	{storm{"500 burst", 0.5, 0, "", mishap{service: DynamoDB, outcome: refused(Broken, false)}}, 150, 8},
	{storm{"connections break", 0.4, 0, "", mishap{outcome: lost(true)}}, 150, 8},
	{storm{"throttled partition", 0.6, 0, "?", mishap{service: DynamoDB, outcome: refused(Throttled, false)}}, 80, 20},
}

// alphabet is how references begin.
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// Begin begins the next step, in which a storm may come up.
func (p *Plan) Begin(step uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.step, p.drawn = step, map[string]uint64{}
	random := p.random("weather")
	for _, w := range weathers {
		if random.IntN(w.every) > 0 {
			continue
		}
		s := w.storm
		s.until = step + 1 + uint64(random.IntN(2*w.lasts))
		if s.prefix != "" { // half of all partitions
			at := random.IntN(len(alphabet) / 2)
			s.prefix = alphabet[at : at+len(alphabet)/2]
		}
		p.storms = append(p.storms, s)
	}
}

// random is the source of chance for one thing in this step.
func (p *Plan) random(what string) *rand.Rand {
	p.drawn[what]++
	h := fnv.New64a()
	_ = binary.Write(h, binary.BigEndian, []uint64{p.step, p.drawn[what]})
	_, _ = h.Write([]byte(what))
	return rand.New(rand.NewPCG(p.Seed, h.Sum64()))
}

// Outcome draws what happens to a call.
func (p *Plan) Outcome(c *Call) Outcome {
	p.mu.Lock()
	defer p.mu.Unlock()
	random := p.random(fmt.Sprint(c.Service, c.Operation, c.Rows))
	for _, s := range p.storms {
		if p.step < s.until && s.hits(c) && random.Float64() < s.often {
			return p.count(s.name, s.outcome(p, c, random))
		}
	}
	if p.MayAct(c) && random.Float64() < p.Crowd {
		after := random.IntN(2) == 0
		return p.count(crowds[after], meanwhile(after)(p, c, random))
	}
	if random.Float64() >= p.Often {
		return Outcome{}
	}
	m := draw(c, random)
	return p.count(m.name, m.outcome(p, c, random))
}

func (m mishap) fits(c *Call) bool { return m.service == "" || m.service == c.Service }

func (s storm) hits(c *Call) bool {
	return s.fits(c) && (s.prefix == "" || len(c.Rows) > 0 && strings.Contains(s.prefix, c.Rows[0].Ref[:1]))
}

var crowds = map[bool]string{false: "others act before", true: "others act after"}

func draw(c *Call, random *rand.Rand) mishap {
	total := 0
	for _, m := range mishaps {
		if m.fits(c) {
			total += m.weight
		}
	}
	at := random.IntN(total)
	for _, m := range mishaps {
		if !m.fits(c) {
			continue
		}
		if at -= m.weight; at < 0 {
			return m
		}
	}
	return mishap{} // not reached
}

func (p *Plan) count(name string, f Outcome) Outcome {
	if p.counts == nil {
		p.counts = map[string]int{}
	}
	p.counts[name]++
	return f
}

// Count counts a fault that somebody else has made.
func (p *Plan) Count(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count(name, Outcome{})
}

// Counts is how often each fault has happened.
func (p *Plan) Counts() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.counts)
}
