// Package link seals what a link must carry (whose it is, for what, since
// when) into an opaque token and opens it again: AES-256-GCM under a key of
// the link's purpose, in base64url. Nothing is looked up and nothing is spent,
// so a link works for years and after the keys are rotated. The package must
// not decide what a link may do, nor log one.
package link

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"privacydesk/shared/domain/person"
)

// Purpose is what a link is for; it is part of the key, see KeyRing.
type Purpose string

// The purposes of links.
const (
	Unsubscribe Purpose = "unsubscribe" // leave, for years (16 CFR 316.3(a)(1): at least 30 days)
	Preferences Purpose = "preferences" // see and choose what is sent
	Undo        Purpose = "undo"        // take back an opt-out just made
	OptIn       Purpose = "opt-in"      // confirm coming back
	Confirm     Purpose = "confirm"     // prove to hold the mailbox of a rights request
	Resend      Purpose = "resend"      // ask for that mail again
	Status      Purpose = "status"      // follow a rights request, for years
	Export      Purpose = "export"      // fetch what is held
	Result      Purpose = "result"      // see what became of a form just sent
	System      Purpose = "system"      // of another system: fetch whom a task is about, and answer it
	Task        Purpose = "task"        // of the owner of another system: see a task on its page, and answer it
	Choices     Purpose = "choices"     // of another system: fetch a part of the feed of changes

	FeedCursor Purpose = "feed-cursor" // how far a system has read the feed of changes; see Box

	// Of cookies; see Box.
	DeskLogin   Purpose = "desk-login"   // a login at the desk that has begun
	DeskSession Purpose = "desk-session" // which session of the desk a browser has
)

// Claims are what a link says. Zero fields are left out of the token.
type Claims struct {
	Address   person.Address // may be zero when Request is set
	Request   string         // reference of a rights request
	Topic     string         // an id of desk.yaml
	Campaign  string
	System    string // an id of desk.yaml; Task says what it must do, Notice which telling it was
	Task      string
	Notice    string
	After, To string            // of Choices: where the part of the feed lies
	Versions  map[string]int    // scope -> version of its record that the link is bound to
	MadeBy    string            // of an undo: the page view that made the opt-out (optout.Record.MadeBy)
	Of        string            // of a result: which form it is of
	Details   map[string]string // of a result: what its page shows beside the rest
	IssuedAt  time.Time         // to the second
	ExpiresAt time.Time         // zero: never
}

// ErrDamaged is the error for a token that is cut, altered, sealed for
// something else or under a key that is not in the ring.
var ErrDamaged = errors.New("the link is damaged or not for this")

// ErrExpired is the error for a link whose time is up.
var ErrExpired = errors.New("the link has expired")

// wire is the JSON inside a token; short names keep List-Unsubscribe short.
type wire struct {
	Address  string            `json:"a,omitempty"`
	Request  string            `json:"r,omitempty"`
	Topic    string            `json:"t,omitempty"`
	Campaign string            `json:"c,omitempty"`
	System   string            `json:"s,omitempty"`
	Task     string            `json:"k,omitempty"`
	Notice   string            `json:"d,omitempty"`
	After    string            `json:"f,omitempty"`
	To       string            `json:"u,omitempty"`
	Versions map[string]int    `json:"v,omitempty"`
	MadeBy   string            `json:"m,omitempty"`
	Of       string            `json:"o,omitempty"`
	Details  map[string]string `json:"n,omitempty"`
	Issued   int64             `json:"i,omitempty"`
	Expires  int64             `json:"x,omitempty"`
}

// format is the first byte of a token; the key's id is the second.
const format = 1

// Strict, so that one token has one spelling; Open sees to line ends, which
// base64 skips all the same.
var encoding = base64.RawURLEncoding.Strict()

// Seal makes the token of a link for purpose p: ASCII letters, digits, "-"
// and "_"; about 80 characters and a third more than what it carries.
func (r *KeyRing) Seal(p Purpose, c Claims) (string, error) {
	if c.Address.IsZero() && c.Request == "" && c.System == "" {
		return "", errors.New("seal a link: neither address, request nor system")
	}
	w := wire{c.Address.Reveal(), c.Request, c.Topic, c.Campaign, c.System, c.Task, c.Notice, c.After, c.To, c.Versions, c.MadeBy, c.Of, c.Details, unix(c.IssuedAt), unix(c.ExpiresAt)}
	plain, err := w.encode()
	if err != nil {
		return "", errors.New("seal a link: what it carries cannot be encoded")
	}
	return r.seal(p, plain)
}

func (r *KeyRing) seal(p Purpose, plain []byte) (string, error) {
	aead, ok := r.aead(p, r.current)
	if !ok {
		return "", errors.New("seal: no current key")
	}
	head := []byte{format, r.current}
	return encoding.EncodeToString(aead.Seal(head, nil, plain, head)), nil
}

// encode leaves & and < as they are: nobody reads this as HTML, and six bytes
// for each would make a long address outgrow a header line.
func (w wire) encode() ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(w)
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}

// maxToken is longer than any token that Seal makes for a valid address.
const maxToken = 4096

// Open checks and reads the token of a link for purpose p at the time now.
// Errors: ErrDamaged; ErrExpired, with the claims.
func (r *KeyRing) Open(p Purpose, token string, now time.Time) (Claims, error) {
	plain, err := r.open(p, token)
	if err != nil {
		return Claims{}, err
	}
	return claims(plain, now)
}

func (r *KeyRing) open(p Purpose, token string) ([]byte, error) {
	if len(token) > maxToken || strings.ContainsAny(token, "\r\n") {
		return nil, ErrDamaged
	}
	sealed, err := encoding.DecodeString(token)
	if err != nil || len(sealed) < 2 || sealed[0] != format {
		return nil, ErrDamaged
	}
	aead, ok := r.aead(p, sealed[1])
	if !ok {
		return nil, ErrDamaged
	}
	plain, err := aead.Open(nil, nil, sealed[2:], sealed[:2])
	if err != nil {
		return nil, ErrDamaged
	}
	return plain, nil
}

func claims(plain []byte, now time.Time) (Claims, error) {
	var w wire
	if json.Unmarshal(plain, &w) != nil {
		return Claims{}, ErrDamaged
	}
	a, err := person.Parse(w.Address)
	if err != nil && (w.Address != "" || w.Request == "" && w.System == "") {
		return Claims{}, ErrDamaged
	}
	c := Claims{a, w.Request, w.Topic, w.Campaign, w.System, w.Task, w.Notice, w.After, w.To, w.Versions, w.MadeBy, w.Of, w.Details, at(w.Issued), at(w.Expires)}
	if !c.ExpiresAt.IsZero() && !now.Before(c.ExpiresAt) {
		return c, ErrExpired
	}
	return c, nil
}

func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func at(sec int64) time.Time {
	if sec == 0 {
		return time.Time{}
	}
	return time.Unix(sec, 0).UTC()
}
