package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"privacydesk/shared/domain/disposal"
	"privacydesk/shared/domain/schedule"
)

// verifyCertificate prints what certificates of disposal say, once it is sure that the keys' owner said it. The file is
// one certificate, or an answer of GET /api/certificates, whose certificates must follow each other. With names, it is
// about the certificate that has their digest.
func verifyCertificate(out io.Writer, f files) error {
	all, err := readCertificates(f)
	if err == nil {
		err = followEachOther(all)
	}
	if err != nil {
		return err
	}
	chosen, names := all, 0
	if f.ids != "" {
		if chosen, names, err = aboutThese(all, f.ids); err != nil {
			return err
		}
	}
	for _, c := range chosen {
		for _, line := range certificateLines(c) {
			fmt.Fprintf(out, "  %-11s %s\n", line[0], printable(line[1]))
		}
		fmt.Fprintln(out)
	}
	if names > 0 {
		fmt.Fprintf(out, "It is about exactly these %d names.\n", names)
	}
	fmt.Fprintf(out, "VALID: %s signed with a key of %s, and nothing in it was changed since.\n", number(len(all)), printable(f.keys))
	fmt.Fprint(out, meaning)
	return nil
}

func followEachOther(all []disposal.Certificate) error {
	for i := 1; i < len(all); i++ {
		if c := all[i]; c.Position.Seq != all[i-1].Position.Seq-1 || c.Position.Hash != all[i-1].Prev {
			return notValid{fmt.Sprintf("certificate %d is not the one that certificate %d follows: one is missing, or the register was made anew", c.Position.Seq, all[i-1].Position.Seq)}
		}
	}
	return nil
}

// meaning is what a valid certificate proves, and what it does not.
const meaning = `
It proves that on this day, by this rule, so many records were disposed of whose names have this digest, and that its
place in the register follows the entry whose hash it names. Whoever has a list of names can hold it against the digest
(IDS=). It does not prove that no copy was kept elsewhere. Backup copies end by themselves on the day it names. What stays of a
reduced record is pseudonymous, not anonymous: the key can tell whose it is (README, "How long things are kept").
`

func number(n int) string {
	if n == 1 {
		return "it is"
	}
	return fmt.Sprintf("all %d follow each other, each is", n)
}

func readCertificates(f files) ([]disposal.Certificate, error) {
	data, jwks, err := readSigned(f.file, f.keys)
	if err != nil {
		return nil, err
	}
	var all []disposal.Certificate
	for _, signed := range signedParts(data) {
		c, err := disposal.CheckCertificate(signed, jwks)
		if err := explain(err, f.keys, "disposed of it"); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// signedParts are the certificates of an answer of GET /api/certificates, newest first, or the file itself.
func signedParts(data []byte) [][]byte {
	type part struct {
		Signed json.RawMessage `json:"signed"`
	}
	var answer struct {
		part
		Certificates []part `json:"certificates"`
	}
	if json.Unmarshal(data, &answer) != nil || answer.Signed == nil && len(answer.Certificates) == 0 {
		return [][]byte{data}
	}
	if answer.Signed != nil {
		return [][]byte{answer.Signed}
	}
	var parts [][]byte
	for _, p := range answer.Certificates {
		parts = append(parts, p.Signed)
	}
	return parts
}

var actions = map[schedule.Action]string{
	schedule.Delete: "deleted", schedule.Reduce: "reduced to what the law obliges to keep", "sweep": "as it says of each class",
}

// certificateLines are a certificate in words.
func certificateLines(c disposal.Certificate) [][2]string {
	records := fmt.Sprintf("%d deleted, %d reduced", c.Deleted, c.Reduced)
	if c.Last {
		records = "none: with it the run ended, which has looked through all that was due"
	}
	return [][2]string{
		{"From", c.Issuer},
		{"Class", string(c.Class)},
		{"Rule", c.Period + ", then " + actions[c.Action]},
		{"Cutoff", "what began before " + when(c.Cutoff)},
		{"Records", records},
		{"Stays", stays(c)},
		{"Backups", "a copy can hold it until " + c.Backups + ", not longer"},
		{"Digest", c.Digest},
		{"Run", c.Run},
		{"Made", when(c.At) + ", by " + c.Build},
		{"Register", fmt.Sprintf("entry %d, hash %s", c.Position.Seq, c.Position.Hash)},
	}
}

// stays is what a reduction leaves. It is pseudonymous: whoever has the key and the address can tell whose it is (EDPB
// report on the right to erasure, February 2026: hashing is not erasure).
func stays(c disposal.Certificate) string {
	switch {
	case c.Reduced == 0:
		return "nothing of these records"
	case c.Class == schedule.ClosedRequest:
		return "the log of the requests: dates, kinds, answer and keyed reference (a pseudonym), to prove the answer"
	case c.Class == schedule.OptOutEvidence:
		return "that these people opted out: keyed reference (a pseudonym), channel and dates, so that nobody writes to them"
	}
	return "opt-outs and logs of requests under a keyed reference (a pseudonym), so that nobody writes to these people and the answers can be proved"
}

// aboutThese finds the certificate that is about the names of a file, one a line, and counts them.
func aboutThese(all []disposal.Certificate, file string) (about []disposal.Certificate, names int, err error) {
	text, err := readFile(file)
	if err != nil {
		return nil, 0, err
	}
	var ids []string
	for line := range strings.Lines(string(text)) {
		if id := strings.TrimSpace(line); id != "" {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil, 0, fmt.Errorf("%s holds no name", file)
	}
	digest := disposal.Digest(ids)
	for _, c := range all {
		if c.Digest == digest && c.Records() == len(ids) {
			return []disposal.Certificate{c}, len(ids), nil
		}
	}
	if len(all) > 1 {
		return nil, 0, notValid{fmt.Sprintf("none of these %d certificates is about these %d names", len(all), len(ids))}
	}
	if n := all[0].Records(); len(ids) != n {
		return nil, 0, notValid{fmt.Sprintf("the list has %d names, the certificate is about %d", len(ids), n)}
	}
	return nil, 0, notValid{"the certificate is not about these names"}
}
