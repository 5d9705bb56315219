package main

import (
	"cmp"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"privacydesk/shared/domain/inbox"
)

// message translates SES's record. SES cuts headers after 10 KB and says so;
// what it lists by itself (From, Subject) is whole, and fills the gap. That a
// sign of a machine was cut off is possible: the one reply a day bounds what
// comes of it.
func message(r events.SimpleEmailRecord) inbox.Message {
	mail, receipt := r.SES.Mail, r.SES.Receipt
	m := inbox.Message{
		Sender: mail.Source, Recipients: receipt.Recipients,
		Spam: verdict(receipt.SpamVerdict), Virus: verdict(receipt.VirusVerdict),
		SPF: verdict(receipt.SPFVerdict), DKIM: verdict(receipt.DKIMVerdict), DMARC: verdict(receipt.DMARCVerdict),
		DMARCPolicy: receipt.DMARCPolicy,
	}
	for _, h := range mail.Headers {
		m.Headers = append(m.Headers, inbox.Header(h))
	}
	if !mail.HeadersTruncated {
		return m
	}
	common := mail.CommonHeaders
	for name, values := range map[string][]string{"From": {strings.Join(common.From, ", ")}, "Subject": {common.Subject}, "Return-Path": {common.ReturnPath}} {
		if values[0] != "" && header(r, name) == "" {
			m.Headers = append(m.Headers, inbox.Header{Name: name, Value: values[0]})
		}
	}
	return m
}

func verdict(v events.SimpleEmailVerdict) inbox.Verdict {
	return inbox.Verdict(strings.ToUpper(v.Status))
}

// arrival is when SES received the mail.
func arrival(r events.SimpleEmailRecord) time.Time {
	if r.SES.Receipt.Timestamp.IsZero() {
		return r.SES.Mail.Timestamp
	}
	return r.SES.Receipt.Timestamp
}

func header(r events.SimpleEmailRecord, name string) string {
	found := ""
	for _, h := range r.SES.Mail.Headers {
		if strings.EqualFold(h.Name, name) {
			found = cmp.Or(found, h.Value)
		}
	}
	return found
}
