package recovery

import (
	"reflect"
	"strings"

	"privacydesk/shared/adapter/dynamo"
	"privacydesk/shared/adapter/dynamo/disposals"
	"privacydesk/shared/adapter/dynamo/letters"
	"privacydesk/shared/adapter/dynamo/optouts"
	"privacydesk/shared/adapter/dynamo/requests"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/request"
)

// The kinds of rows, as a Recovery names them.
const (
	kindOptOut    = "opt-out"
	kindSES       = "bounce, complaint"
	kindTombstone = "tombstone"
	kindErased    = "erased since"
	kindRequest   = "request"
	kindEvent     = "event"
	kindLetter    = "mail of a request"
	kindHold      = "legal hold"
	kindUnknown   = "unknown"
)

// rowKinds is the allow-list of a Recovery: which kinds of rows an older copy
// may bring back, and why the others do not come back. A kind that is not here
// is refused by name. An empty reason: it comes back, where its own rule says so.
var rowKinds = map[string]string{
	kindOptOut:    "a return, or a pause that is over: who left again since would be mailed",
	kindSES:       "it does not keep anybody from being mailed",
	kindTombstone: "a return: who left again since would be mailed",
	kindErased:    "",
	kindRequest:   "its person was erased since",
	kindEvent:     "of a request that does not come back",
	kindLetter:    "of a request that does not come back",
	kindHold:      "",

	"import undone":            "it would take somebody off SES's list",
	"opt-in confirmation":      "the mail may have gone since, or somebody may have left again",
	"bulk job":                 "SES has ended it by now; each opt-out is told to SES anew",
	"walk through SES's list":  "the next walk begins anew",
	"sending of a request":     "it only makes the same words sent twice one request",
	"digest":                   "the next hour makes it anew",
	"count of a limit":         "limits begin anew",
	kindUnknown:                "",
	"history of holds":         "",
	"history of the disposals": "",
}

// optOutKind is the kind of a row of the table of opt-outs. False: none that is
// known, and the kind is then what its key looks like, without its person.
func optOutKind(i dynamo.Item) (kind string, known bool) {
	scope := i.Str("scope")
	switch ref := i.Str("ref"); {
	case ref == optouts.JobsRef:
		return "bulk job", true
	case ref == optouts.RunRef:
		return "walk through SES's list", true
	case strings.HasPrefix(ref, "#"):
		return firstWord(ref), false
	case letters.IsConfirmation(scope):
		return "opt-in confirmation", true
	case strings.HasPrefix(scope, "#"):
		return firstWord(scope), false
	}
	r := optouts.Record(i)
	switch {
	case i.Str("state") == "" && i["version"] != nil && i.Str("pending") != "":
		return "import undone", true
	case !optout.Valid(r):
		return plain(string(r.Scope.Channel())) + " in the state " + plain(string(r.State)), false
	case r.Tombstone():
		return kindTombstone, true
	case r.Scope == optout.Bounce.Scope() || r.Scope == optout.Complaint.Scope():
		return kindSES, true
	}
	return kindOptOut, true
}

// ownKind is the kind of a row of the table of requests that is of no request.
func ownKind(i dynamo.Item) (kind string, known bool) {
	switch id := i.Str("id"); {
	case id == request.DigestID:
		return "digest", true
	case i.Str("row") == requests.SentRow:
		return "sending of a request", true
	default:
		return firstWord(id), false
	}
}

// firstWord is the beginning of a key, up to its second "#": what comes after
// may name somebody.
func firstWord(key string) string {
	word, _, _ := strings.Cut(strings.TrimPrefix(key, "#"), "#")
	return "#" + plain(word)
}

// plain is a word that may be printed. Whoever wrote a row that nobody knows may
// have put an address anywhere.
func plain(word string) string {
	strange := func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz_-", r) }
	if word == "" || len(word) > 30 || strings.ContainsFunc(word, strange) {
		return "(another text)"
	}
	return word
}

// optOutAttributes are those that an opt-out or a tombstone may have.
var optOutAttributes = map[string]bool{
	"ref": true, "scope": true, "state": true, "version": true, "first_at": true, "out_since": true, "changed_at": true, "until": true,
	"address": true, "name": true, "source": true, "campaign": true, "form": true, "detail": true, "soft_days": true,
	"erase_wanted_at": true, "erase_language": true, "made_by": true, "ses": true, "ses_at": true, "ses_reason": true,
	"pending": true, "pending_at": true, "job": true, "disposal": true, "disposal_at": true,
	"import": true, "before": true, "reduced_at": true, "erased_at": true,
}

// partAttributes are those of the rows of a request, by their kind.
var partAttributes = map[string]map[string]bool{
	kindEvent: {"id": true, "row": true, "entry": true},
	kindLetter: {
		"id": true, "row": true, "seq": true, "template": true, "mail_state": true, "cause": true, "queued_at": true, "pending": true, "pending_at": true,
		"sent_at": true, "ses_message": true,
	},
	kindRequest: taggedBy(reflect.TypeFor[requests.Row]()),
}

func taggedBy(row reflect.Type) map[string]bool {
	all := map[string]bool{}
	for field := range row.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("dynamodbav"), ",")
		all[name] = true
	}
	return all
}

// unknown names the attributes of a row that this code does not know, and which
// so do not come back.
func (r *Recovery) unknown(kind string, i dynamo.Item, known map[string]bool) {
	for name := range i {
		if !known[name] {
			r.report.name("the attribute %s of a row %q is not known: it does not come back", plain(name), kind)
		}
	}
}

// WithoutRule names what of a row a Recovery has no rule for: its kind, or attributes.
func WithoutRule(logicalID string, i dynamo.Item) []string {
	r := Recovery{report: &Report{Kinds: map[string]*Count{}}}
	if logicalID == "OptOutsTable" {
		kind, known := optOutKind(i)
		if _, ruled := rowKinds[kind]; !known || !ruled {
			return []string{"a row " + kind}
		}
		if kind == kindOptOut || kind == kindSES || kind == kindTombstone {
			r.unknown(kind, i, optOutAttributes)
		}
		return r.report.Refused
	}
	id, name := i.Str("id"), i.Str("row")
	if id[0] != '#' {
		if !partOfRequest(name) {
			return []string{"a row " + name + " of a request"}
		}
		r.unknown(partKind(name), i, partAttributes[partKind(name)])
		return r.report.Refused
	}
	if _, known := ownKind(i); !known && id != disposals.DisposalsID && id != disposals.HoldsID {
		return []string{"a row " + id}
	}
	return nil
}
