package main

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"maps"
	netmail "net/mail"
	"slices"
	text "text/template"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"privacydesk/infra/local/sigv4"
	"privacydesk/shared/adapter/ses"
	"privacydesk/shared/domain/person"
	"privacydesk/shared/domain/settings"
)

//go:embed mail.html mail.txt
var files embed.FS

var (
	htmlMail = template.Must(template.ParseFS(files, "mail.html"))
	textMail = text.Must(text.ParseFS(files, "mail.txt"))
)

// campaign is what the sample newsletter is filled with.
type campaign struct {
	Organisation settings.Organisation
	Heading      string
	Why          string // the recipient gets it
	Link         string
}

// send hands the newsletter to SES, with the headers that mail clients look for.
func (s sender) send(ctx context.Context, to string, link linkRow) (id string, err error) {
	desk, err := settings.Load()
	if err != nil {
		return "", err
	}
	recipient, err := person.Parse(to)
	if err != nil {
		return "", err
	}
	c := campaign{desk.Organisation, "News", "You get this because you are on our mailing list.", link.URL}
	if topic, ok := desk.Topic(s.topic); ok {
		c.Heading, c.Why = topic.Title("en"), "You get this because you asked for “"+topic.Title("en")+"”."
	}
	mail, err := c.mail()
	if err != nil {
		return "", err
	}
	mail.To = recipient
	for _, name := range slices.Sorted(maps.Keys(link.Headers)) {
		mail.Headers = append(mail.Headers, ses.Header{Name: name, Value: link.Headers[name]})
	}
	from := netmail.Address{Name: desk.Organisation.Name + " News", Address: "news@example.com"}
	through := ses.Sender{Client: s.client(), ConfigurationSet: s.set, From: from.String()}
	id, err = through.Send(ctx, mail)
	if err != nil {
		return "", fmt.Errorf("the SES stand-in at %s did not take the mail: %w", s.mail, err)
	}
	return id, nil
}

func (c campaign) mail() (ses.Mail, error) {
	var html, plain bytes.Buffer
	if err := htmlMail.Execute(&html, c); err != nil {
		return ses.Mail{}, err
	}
	if err := textMail.Execute(&plain, c); err != nil {
		return ses.Mail{}, err
	}
	return ses.Mail{Subject: "What is new at " + c.Organisation.Name, HTML: html.String(), Text: plain.String()}, nil
}

func (s sender) client() *sesv2.Client {
	return sesv2.New(sesv2.Options{
		BaseEndpoint: &s.mail, Region: "us-east-1", RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return sigv4.User, nil }),
	})
}
