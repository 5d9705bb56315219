package deadline

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// English writes explanations in English.
var English Texts = english{}

type english struct{}

func (english) Text(key string, pairs ...string) string {
	return strings.NewReplacer(braced(pairs)...).Replace(sentences[key])
}

func (english) Date(at time.Time) string { return at.Format("2 January 2006") }

// Citation is the clause as it stands in law.yaml.
func (english) Citation(clause string) string { return clause }

// Place is its code: only a catalogue has names.
func (english) Place(country, region string) string {
	return Jurisdiction{Country: country, Region: region}.String()
}

func (english) Zone(place string) string {
	return strings.ReplaceAll(place[strings.LastIndexByte(place, '/')+1:], "_", " ") + " time"
}

func braced(pairs []string) []string {
	out := slices.Clone(pairs)
	for i := 0; i < len(out); i += 2 {
		out[i] = "{" + out[i] + "}"
	}
	return out
}

// TextKeys lists the keys that a catalogue must have to write explanations in its language, and their English
// text.
func TextKeys() map[string]string { return maps.Clone(sentences) }

var sentences = map[string]string{
	"law.basis.region_unknown":     "The state or province is not known, so no law can be named.",
	"law.basis.region_unknown.you": "We do not know your state or province, so we can name no law.",
	"law.basis.place_unknown":      "The country is not known, so no law can be named.",
	"law.basis.place_unknown.you":  "We do not know where you live, so we can name no law.",
	"law.basis.country":            "No law of {place} in our table sets a date for this.",
	"law.basis.country.you":        "We know of no law where you live that sets a date for this.",
	"law.basis.world":              "No law of {place} in our table sets a date for this.",
	"law.basis.world.you":          "We know of no law where you live that sets a date for this.",
	"law.basis.any_kind":           "No law in our table sets a date for this kind of request.",
	"law.basis.any_kind.you":       "We know of no law that sets a date for this.",
	"law.rule.borrowed":            "We keep to our strictest period all the same: {purpose} within {length} of {start}.",
	"law.rule.own":                 "{clause}: {purpose} without undue delay. The law names no number of days; we keep to {length} from {start}.",
	"law.rule.disputed":            "{law}, {clause}: {purpose} within {length} of {start}. Reports of this period differ; we keep to the stricter one.",
	"law.suspended.borrowed":       "It was stopped for {days} because of {cause}.",
	"law.extended.borrowed":        "It was extended by {length} because of {reason}; the person was told on {date}.",
	"law.extended.borrowed.you":    "It was extended by {length} because of {reason}; you were told on {date}.",
	"law.from.where":               "Where the person is, it was already {date} then.",
	"law.from.where.you":           "Where you live, it was already {date} then.",

	"law.rule":         "{law}, {clause}: {purpose} within {length} of {start}.",
	"law.review":       "We have set ourselves {length} for a review.",
	"law.rule.clause":  "{clause}: {purpose} within {length} of {start}.",
	"law.from":         "It counts from {date}; that day itself is left out.",
	"law.from.first":   "It counts from {date}; that day is the first.",
	"law.from.instant": "It counts from {date}, {time} ({zone}).",
	"law.from.restart": "It counts anew from {date}, the day on which {cause} was settled.",
	"law.clamped":      "The last month has no such day, so its last day takes its place.",
	"law.suspended":    "It was stopped for {days} because of {cause} ({clause}).",
	"law.extended":     "It was extended by {length} ({clause}) because of {reason}; the person was told on {date}.",
	"law.extended.you": "It was extended by {length} ({clause}) because of {reason}; you were told on {date}.",

	"law.moved.saturday":  "{date} is a Saturday.",
	"law.moved.sunday":    "{date} is a Sunday.",
	"law.moved.monday":    "{date} is a Monday, not a working day.",
	"law.moved.tuesday":   "{date} is a Tuesday, not a working day.",
	"law.moved.wednesday": "{date} is a Wednesday, not a working day.",
	"law.moved.thursday":  "{date} is a Thursday, not a working day.",
	"law.moved.friday":    "{date} is a Friday, not a working day.",
	"law.moved.holiday":   "{date} is a public holiday ({holiday}).",

	"law.skipped":     "{date} is a public holiday ({holiday}) and is not counted.",
	"law.due":         "The last day is {date}.",
	"law.due.instant": "It ends on {date} at {time} ({zone}).",
	"law.paused":      "It is stopped at present. The last day cannot be before {date}.",

	"law.purpose.acknowledge": "confirm receipt",
	"law.purpose.respond":     "answer",
	"law.purpose.opt_out":     "put the opt-out into effect",
	"law.purpose.appeal":      "answer the appeal",
	"law.start.receipt":       "receipt",
	"law.start.appeal":        "receipt of the appeal",

	"law.length.hours.one":             "{n} hour",
	"law.length.hours.other":           "{n} hours",
	"law.length.calendar_days.one":     "{n} day",
	"law.length.calendar_days.other":   "{n} days",
	"law.length.calendar_months.one":   "{n} month",
	"law.length.calendar_months.other": "{n} months",
	"law.length.business_days.one":     "{n} business day",
	"law.length.business_days.other":   "{n} business days",

	"law.cause.identity":      "doubt about who asks",
	"law.cause.clarification": "a question about what is asked for",
	"law.cause.fee":           "a fee",

	"law.reason.complexity":   "the complexity of the request",
	"law.reason.number":       "the number of requests",
	"law.reason.necessary":    "need",
	"law.reason.interference": "unreasonable interference with our activities",
	"law.reason.consultation": "consultations that are necessary",
}
