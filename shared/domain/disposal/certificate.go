package disposal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/civil"
	"privacydesk/shared/domain/schedule"
)

// Certificate is the proof of one transaction: which rule was carried out, up to
// which date, and on how many records. It names nobody: the records stand in it
// as a digest of their names, so that whoever has a list of names (an auditor,
// from a backup made before) can tell that it is about these.
type Certificate struct {
	Issuer  string // base URL of the deployment; its keys are at /.well-known/
	Run     string // the call that did it
	Class   schedule.Class
	Period  string          // the rule: its period as the schedule writes it …
	Action  schedule.Action // … and what is done then
	Cutoff  time.Time       // exclusive
	Deleted int             // records
	Reduced int
	Digest  string // see Digest
	// Last ends a run: everything that was due by the cutoff was looked through.
	// It is about no record.
	Last     bool
	Build    string // of the code that did it
	At       time.Time
	Backups  string     // the last day, such as "2026-12-12", on which a backup copy can hold what was disposed of
	Position audit.Head // its position in the history "disposals": its own number and hash …
	Prev     string     // … and the hash of the entry before
}

// CertificateType is the type of a signed certificate; see audit.Payload.
const CertificateType = "privacydesk-disposal+json"

// DisposalsSubject is the subject of the history that certificates are
// chained in.
const DisposalsSubject = "disposals"

// Records is how many records it is about.
func (c Certificate) Records() int { return c.Deleted + c.Reduced }

// Typ makes a Certificate a audit.Payload.
func (Certificate) Typ() string { return CertificateType }

// Digest is the SHA-256, in hex, of the sorted names joined by a line feed,
// without one at the end. The digest of nothing is that of the empty text.
func Digest(ids []string) string {
	sum := sha256.Sum256([]byte(strings.Join(slices.Sorted(slices.Values(ids)), "\n")))
	return hex.EncodeToString(sum[:])
}

type certificateWire struct {
	Issuer  string         `json:"iss"`
	Run     string         `json:"run"`
	Class   schedule.Class `json:"class"`
	Rule    ruleWire       `json:"rule"`
	Cutoff  string         `json:"cutoff"`
	Deleted int            `json:"deleted"`
	Reduced int            `json:"reduced"`
	Digest  string         `json:"ids_sha256"`
	Last    bool           `json:"last"`
	Build   string         `json:"build"`
	At      string         `json:"at"`
	Backups string         `json:"backups_until"`
	Seq     int            `json:"seq"`
	Prev    string         `json:"prev"`
	Hash    string         `json:"hash"`
}

type ruleWire struct {
	Period string          `json:"period"`
	Action schedule.Action `json:"action"`
}

// MarshalJSON returns the payload of a signed certificate:
//
//	{"iss", "run", "class", "rule": {"period", "action"}, "cutoff", "deleted", "reduced",
//	 "ids_sha256", "last", "build", "at", "backups_until", "seq", "prev", "hash"}
//
// Times are RFC 3339 in UTC with milliseconds. One that is not whole, or whose
// hash is not that of what it says, is an error.
func (c Certificate) MarshalJSON() ([]byte, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	return json.Marshal(c.wire())
}

func (c Certificate) wire() certificateWire {
	return certificateWire{
		c.Issuer, c.Run, c.Class, ruleWire{c.Period, c.Action}, c.Cutoff.UTC().Format(civil.Stamp), c.Deleted, c.Reduced, c.Digest, c.Last,
		c.Build, c.At.UTC().Format(civil.Stamp), c.Backups, c.Position.Seq, c.Prev, c.Position.Hash,
	}
}

// UnmarshalJSON reads what MarshalJSON writes, byte for byte, and nothing
// else: one certificate has one spelling.
func (c *Certificate) UnmarshalJSON(data []byte) error {
	var w certificateWire
	if err := json.Unmarshal(data, &w); err != nil {
		return errors.New("not the JSON of a certificate")
	}
	read := Certificate{
		Issuer: w.Issuer, Run: w.Run, Class: w.Class, Period: w.Rule.Period, Action: w.Rule.Action, Deleted: w.Deleted, Reduced: w.Reduced,
		Digest: w.Digest, Last: w.Last, Build: w.Build, Backups: w.Backups, Prev: w.Prev, Position: audit.Head{Subject: DisposalsSubject, Seq: w.Seq, Hash: w.Hash},
	}
	var errCutoff, errAt error
	read.Cutoff, errCutoff = time.Parse(civil.Stamp, w.Cutoff)
	read.At, errAt = time.Parse(civil.Stamp, w.At)
	again, err := read.MarshalJSON()
	switch {
	case err != nil:
		return err
	case errCutoff != nil || errAt != nil:
		return errors.New("a time is not in UTC with milliseconds")
	case !bytes.Equal(again, data):
		return errors.New("a member is unknown, missing, doubled or not in its place")
	}
	*c = read
	return nil
}

// check refuses a certificate that would prove nothing.
func (c Certificate) check() error {
	for _, rule := range []struct {
		broken bool
		why    string
	}{
		{c.Issuer == "" || c.Run == "" || c.Class == "" || c.Period == "" || c.Action == "", "without issuer, run, class or rule"},
		{c.Cutoff.IsZero() || c.At.IsZero(), "without a time"},
		{min(c.Deleted, c.Reduced) < 0 || c.Last != (c.Records() == 0), "whose count is none"},
		{len(c.Digest) != 2*sha256.Size || c.Last && c.Digest != Digest(nil), "without the digest of its records"},
		{c.Backups == "", "without the end of the backups"},
		{c.Position.Seq < 1, "without its position"},
		{c.hashAfter(audit.Head{Subject: DisposalsSubject, Seq: c.Position.Seq - 1, Hash: c.Prev}) != c.Position.Hash, "whose hash is not that of what it says"},
	} {
		if rule.broken {
			return errors.New("a certificate " + rule.why)
		}
	}
	return nil
}

// hashAfter is the hash of the certificate's entry after head.
func (c Certificate) hashAfter(head audit.Head) string {
	e, err := c.append(head)
	if err != nil {
		return ""
	}
	return e.Hash
}

// append makes the certificate's entry, which says the same as it does.
func (c Certificate) append(head audit.Head) (audit.Entry, error) {
	facts := map[string]string{
		"issuer": c.Issuer, "run": c.Run, "class": string(c.Class), "period": c.Period, "action": string(c.Action),
		"cutoff": c.Cutoff.UTC().Format(civil.Stamp), "ids_sha256": c.Digest, "last": strconv.FormatBool(c.Last), "build": c.Build, "backups_until": c.Backups,
		"deleted": strconv.Itoa(c.Deleted), "reduced": strconv.Itoa(c.Reduced),
	}
	return audit.Append(head, audit.Entry{At: c.At, Kind: "disposed", Actor: "system", Facts: facts}, nil)
}

// chain gives the certificate its position after head, and returns its entry.
func (c Certificate) chain(head audit.Head) (Certificate, audit.Entry, error) {
	e, err := c.append(head)
	c.Position, c.Prev = e.Head(), head.Hash
	return c, e, err
}

// CheckCertificate reads a signed certificate and checks its signature against
// a JWK Set, such as audit.Signer.PublicKeys. Errors: those of
// audit.Open.
func CheckCertificate(signed, jwks []byte) (Certificate, error) {
	payload, err := audit.Open(signed, jwks, CertificateType)
	if err != nil {
		return Certificate{}, err
	}
	var c Certificate
	if err := c.UnmarshalJSON(payload); err != nil {
		return Certificate{}, fmt.Errorf("%w: %w", audit.ErrMalformed, err)
	}
	return c, nil
}

// Said is what the certificate of a proof says, as its entry has it: whoever must be
// sure of it checks the signed one (CheckCertificate).
func (p Proof) Said() Certificate {
	facts := p.Entry.Facts
	c := Certificate{
		Issuer: facts["issuer"], Run: facts["run"], Class: schedule.Class(facts["class"]), Period: facts["period"], Action: schedule.Action(facts["action"]),
		Digest: facts["ids_sha256"], Last: facts["last"] == "true", Build: facts["build"], Backups: facts["backups_until"],
		At: p.Entry.At, Position: p.Entry.Head(), Prev: p.Entry.Prev,
	}
	c.Cutoff, _ = time.Parse(civil.Stamp, facts["cutoff"])
	c.Deleted, _ = strconv.Atoi(facts["deleted"])
	c.Reduced, _ = strconv.Atoi(facts["reduced"])
	return c
}
