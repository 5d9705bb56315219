package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

// shown is a list as the tables below write it: line, address, scope, date and
// reason of each row.
func shown(l list) (rows []string) {
	for _, r := range l.rows {
		rows = append(rows, fmt.Sprintf("%d %s %s %s %s", r.line, r.Address, r.Scope, r.At, r.Reason))
	}
	return rows
}

// outs are addresses and reasons alone.
func outs(l list) string {
	var all []string
	for _, r := range l.rows {
		name, _, _ := strings.Cut(r.Address, "@")
		all = append(all, name+" "+r.Reason)
	}
	return strings.Join(all, ", ")
}

func readText(text string, a asked) (list, error) {
	if a.file == "" {
		a.file = "people.csv"
	}
	return readList([]byte(text), a, time.Time{})
}

// One file in each system's format, of our own making.
func TestFormats(t *testing.T) {
	for file, want := range map[string]struct {
		told    string // the first sentence
		rows    []string
		notOut  int
		remarks []remark
	}{
		"mailchimp-unsubscribed.csv": {"Mailchimp, unsubscribed contacts. Everybody on it is out (unsubscribed).", []string{
			"2 marvin@example.com  2021-03-04T05:06:07Z unsubscribed", "3 trillian@example.com  2022-01-01T00:00:00Z unsubscribed",
			"5 not an address  2021-01-01T00:00:00Z unsubscribed",
		}, 0, []remark{{6, noAddress}}},
		"mailchimp-cleaned.csv": {"Mailchimp, cleaned contacts. Everybody on it is out (bounced).", []string{"2 gone@example.com  2020-02-03T04:05:06Z bounced"}, 0, nil},
		"hubspot.csv":           {`HubSpot. The column "Unsubscribed from all email" says who is out.`, []string{"2 zaphod@example.com   unsubscribed"}, 2, nil},
		"hubspot-unsubscribes.csv": {"HubSpot, unsubscribes and bounces. Who is out is read from the columns of bounces and unsubscribes.", []string{
			"2 marvin@example.com   unsubscribed", "3 gone@example.com   bounced", "4 angry@example.com   complained", "5 dead@example.com   bounced",
		}, 2, nil},
		"mautic-report.csv": {`Mautic, report on do not contact. The column "DNC Reason" says who is out.`, []string{
			"2 marvin@example.com  2018-01-02T03:04:00Z unsubscribed", "3 gone@example.com  2018-01-02T03:04:00Z bounced",
			"4 arthur@example.com sms 2018-01-02T15:04:00Z unsubscribed",
		}, 1, []remark{{6, oddChannel}}},
		"listmonk.csv": {`listmonk. The column "status" says who is out.`, []string{
			"2 marvin@example.com  2023-05-06T07:08:09Z unsubscribed", "5 slarti@example.com  2020-01-02T03:04:05Z unsubscribed",
		}, 1, []remark{{4, brokenLine}}},
		"mautic-dnc.tsv": {`Mautic, do not contact. The column "reason" says who is out.`, []string{
			"2 marvin@example.com  2018-01-02T03:04:05Z unsubscribed", "3 gone@example.com  2018-01-02T03:04:05Z bounced",
			"4 arthur@example.com sms 2018-01-02T03:04:05Z unsubscribed",
		}, 1, []remark{{6, oddChannel}}},
		"ses.csv": {`Amazon SES. The column "Reason" says who is out.`, []string{
			"2 gone@example.com  2024-05-06T07:08:09Z bounced", "3 angry@example.com  2024-05-06T07:08:09Z complained",
		}, 0, nil},
		"ses.json": {`Amazon SES, JSON. The column "Reason" says who is out.`, []string{
			"1 gone@example.com  2024-05-06T07:08:09Z bounced", "2 angry@example.com  2024-05-06T07:08:09Z complained",
		}, 0, nil},
		"sendgrid-bounces.csv":      {`SendGrid, bounces. The column "status" says who is out.`, []string{"2 gone@example.com  2015-09-30T22:12:05Z bounced"}, 0, nil},
		"sendgrid-spam-reports.csv": {"SendGrid, spam reports. Everybody on it is out (complained).", []string{"2 angry@example.com  2015-09-30T22:12:21Z complained"}, 0, nil},
		"sendgrid-global.csv":       {"SendGrid, unsubscribes. Everybody on it is out (unsubscribed).", []string{"2 marvin@example.com  2023-11-14T22:13:20Z unsubscribed"}, 0, nil},
		"sendgrid-group.json":       {"SendGrid, group unsubscribes, JSON. Everybody on it is out (unsubscribed).", []string{"1 marvin@example.com  2014-09-17T20:45:04Z unsubscribed"}, 0, nil},
		"mailgun-bounces.csv":       {"Mailgun, bounces. Everybody on it is out (bounced).", []string{"2 gone@example.com  2011-10-21T11:02:55Z bounced"}, 0, nil},
		"mailgun-complaints.csv":    {"Mailgun, complaints. Everybody on it is out (complained).", []string{"2 angry@example.com  2011-10-21T11:02:55Z complained"}, 0, nil},
		"mailgun-unsubscribes.json": {"Mailgun, unsubscribes, JSON. Everybody on it is out (unsubscribed).", []string{"1 marvin@example.com  2024-10-18T18:28:14Z unsubscribed"}, 0, nil},
		"mandrill.csv": {`Mandrill. The column "reason" says who is out.`, []string{
			"2 gone@example.com  2013-01-02T15:30:27Z bounced", "4 angry@example.com  2013-01-01T15:30:27Z complained", "5 marvin@example.com  2013-01-01T15:30:27Z unsubscribed",
		}, 1, nil},
		"postmark.json": {`Postmark, JSON. The column "SuppressionReason" says who is out.`, []string{
			"1 gone@example.com  2019-12-10T13:58:33Z bounced", "2 angry@example.com  2019-12-10T13:58:33Z complained", "3 marvin@example.com  2019-12-10T13:58:33Z unsubscribed",
		}, 0, nil},
		"brevo.json": {`Brevo, JSON. The column "reason.code" says who is out.`, []string{
			"1 marvin@example.com  2017-05-01T12:30:00Z unsubscribed", "2 gone@example.com  2017-05-01T12:30:00Z bounced", "3 angry@example.com  2017-05-01T12:30:00Z complained",
		}, 0, nil},
		"klaviyo.csv": {`Who is out is read from "Email Suppressions", "Email Marketing Consent".`, []string{
			"4 marvin@example.com   unsubscribed", "5 gone@example.com   bounced",
		}, 2, nil},
		"mailjet.jsonl":            {`JSON. Who is out is read from "IsExcludedFromCampaigns".`, []string{"2 marvin@example.com   unsubscribed"}, 1, nil},
		"mailjet-list.csv":         {`Who is out is read from "IsUnsubscribed".`, []string{"3 marvin@example.com  2016-03-04T05:06:07Z unsubscribed"}, 1, nil},
		"unsubscribed-utf16.txt":   {"Everybody on it is out: the file's name says so (unsubscribed).", []string{"2 marvin@example.com   unsubscribed", "3 zoe@example.com   unsubscribed"}, 0, nil},
		"abmeldungen-latin1.csv":   {"Everybody on it is out: the file's name says so (unsubscribed).", []string{"2 marvin@example.com   unsubscribed"}, 0, nil},
		"mailchimp-subscribed.csv": {"error: this is Mailchimp, subscribed contacts: people who may be written to, not opt-outs; nothing was imported. If all of them are to be opted out, say ALL=yes", nil, 0, nil},
		"privacy-desk.csv": {`Privacy Desk. The column "reason" says who is out.`, []string{
			"2 marvin@example.com email 2023-01-01T00:00:00Z unsubscribed", "3 =odd@example.com email/newsletter 2024-01-01T00:00:00Z unsubscribed",
			"5 gone@example.com bounce 2024-01-01T00:00:00Z bounced",
		}, 1, nil},
	} {
		t.Run(file, func(t *testing.T) {
			data, err := os.ReadFile("testdata/" + file)
			if err != nil {
				t.Fatal(err)
			}
			l, err := readList(data, asked{file: file}, time.Time{})
			if err != nil {
				l.readings = []string{"error: " + err.Error()}
			}
			if rows := shown(l); l.readings[0] != want.told || !slices.Equal(rows, want.rows) || l.notOut != want.notOut || !slices.Equal(l.remarks, want.remarks) {
				t.Errorf("%q %q, %d not out, %v", l.readings, rows, l.notOut, l.remarks)
			}
		})
	}
	if files, _ := os.ReadDir("testdata"); len(files) < 20 {
		t.Errorf("%d files", len(files))
	}
}

// The column of consent decides, whichever way round it asks.
func TestConsent(t *testing.T) {
	for header, c := range map[string]struct {
		values string // of people a, b, c, …
		want   string
	}{
		"Accepts Email Marketing":        {"yes|no|", "b unsubscribed"},
		"Accepts Marketing":              {"true|false|TRUE", "b unsubscribed"},
		"Email Opt Out":                  {"0|1|", "b unsubscribed"},
		"HasOptedOutOfEmail":             {"false|true|", "b unsubscribed"},
		"opted_out":                      {"f|t|", "b unsubscribed"},
		"optout":                         {"N|Y", "b unsubscribed"},
		"Opt-in":                         {"Y|N|", "b unsubscribed"},
		"email_opt_in":                   {"1|0|", "b unsubscribed"},
		"unsubscribed":                   {"false|true||2024-01-02", "b unsubscribed, d unsubscribed"},
		"Unsubscribed":                   {"1.0|0.0", "a unsubscribed"},
		"Unsubscribed from all email":    {"|Yes|No", "b unsubscribed"},
		"is_subscribed":                  {"true|false|", "b unsubscribed"},
		"Subscribed":                     {"yes|no|Unsubscribed|subscribed", "b unsubscribed, c unsubscribed"},
		"Subscribed to newsletter":       {"x|no", "b unsubscribed"},
		"Status":                         {"subscribed|unsubscribed|cleaned|pending|non-subscribed", "b unsubscribed, c bounced"},
		"Email status":                   {"Active|Unsubscribed|Bounced|Spam complaint|Soft bounce", "b unsubscribed, c bounced, d complained"},
		"Subscription status":            {"SUBSCRIBED|UNSUBSCRIBED|NEVER_SUBSCRIBED|", "b unsubscribed"},
		"email_subscribe":                {"opted_in|subscribed|unsubscribed", "c unsubscribed"},
		"Do Not Email":                   {"0|1|", "b unsubscribed"},
		"Do not allow Bulk Emails":       {"Allow|Do Not Allow|", "b unsubscribed"},
		"donotbulkemail":                 {"No|Yes", "b unsubscribed"},
		"GDPR consent":                   {"granted|withdrawn|yes|no", "b unsubscribed, d unsubscribed"},
		"Marketing consent":              {"1|0|", "b unsubscribed"},
		"Consent withdrawn":              {"yes|no", "a unsubscribed"},
		"Does not accept marketing":      {"yes|no", "a unsubscribed"},
		"Not unsubscribed":               {"yes|no", "b unsubscribed"},
		"Opt-in / opt-out":               {"opt-in|opt-out|", "b unsubscribed"},
		"Blacklisted":                    {"✓||no", "a unsubscribed"},
		"Email blocklisted":              {"TRUE|FALSE", "a unsubscribed"},
		"Suppressed":                     {"yes|no", "a unsubscribed"},
		"Newsletter":                     {"1|0|", "b unsubscribed"},
		"Abgemeldet":                     {"ja|nein|", "a unsubscribed"},
		"Abgemeldet am":                  {"02.01.2024||nein", "a unsubscribed"},
		"Newsletter abonniert":           {"Ja|Nein|", "b unsubscribed"},
		"Einwilligung":                   {"erteilt|widerrufen|ja|nein|", "b unsubscribed, d unsubscribed"},
		"Werbeeinwilligung":              {"Ja|Nein", "b unsubscribed"},
		"Werbewiderspruch":               {"Ja|Nein|", "a unsubscribed"},
		"Werbesperre":                    {"1|0", "a unsubscribed"},
		"Keine Werbung":                  {"x||nein", "a unsubscribed"},
		"DSGVO-Einwilligung":             {"wahr|falsch", "b unsubscribed"},
		"Newsletter-Status":              {"aktiv|abgemeldet|unbestätigt", "b unsubscribed"},
		"E-Mail-Kontakt erlaubt":         {"ja|nein", "b unsubscribed"},
		"Baja":                           {"sí|no|", "a unsubscribed"},
		"Dado de baja":                   {"Sí|No", "a unsubscribed"},
		"Fecha de baja":                  {"2024-01-02||", "a unsubscribed"},
		"Acepta publicidad":              {"sí|no|", "b unsubscribed"},
		"Acepta recibir correos":         {"SI|NO", "b unsubscribed"},
		"No acepta publicidad":           {"sí|no", "a unsubscribed"},
		"Suscrito":                       {"Sí|No|suscrito|dado de baja", "b unsubscribed, d unsubscribed"},
		"Consentimiento RGPD":            {"sí|revocado|no", "b unsubscribed, c unsubscribed"},
		"Estado":                         {"suscrito|baja|pendiente|rebotado", "b unsubscribed, d bounced"},
		"Unsubscribed at":                {"2024-01-02 03:04:05|", "a unsubscribed"},
		"unsubscribed_at":                {"|null|1700000000", "c unsubscribed"},
		"Opt-out date":                   {"1/13/2024|", "a unsubscribed"},
		"Opt out (yes/no)":               {"yes|no|", "a unsubscribed"},
		"Subscribed (Y/N)":               {"Y|N", "b unsubscribed"},
		"Unsubscribed (0 = no, 1 = yes)": {"0|1", "b unsubscribed"},
		"email_disabled":                 {"true|false", "a unsubscribed"},
		"Einwilligung zurückgezogen":     {"ja|nein", "a unsubscribed"},
		"Comunicaciones comerciales":     {"Sí|No", "b unsubscribed"},
		"Marketing":                      {"yes|no", "b unsubscribed"},
		"Reason":                         {"unsubscribed|hard bounce|spam|soft bounce|manual suppression", "a unsubscribed, b bounced, c complained, e unsubscribed"},
	} {
		t.Run(header, func(t *testing.T) {
			text := "First name,Email," + strconvQuote(header) + ",City\n"
			for i, v := range strings.Split(c.values, "|") {
				text += fmt.Sprintf("X,%c@example.com,%s,Y\n", 'a'+i, v)
			}
			l, err := readText(text, asked{})
			if err != nil || outs(l) != c.want {
				t.Errorf("%q, %v", outs(l), err)
			}
			if !strings.Contains(strings.Join(l.readings, " "), fmt.Sprintf("%q", header)) {
				t.Errorf("the column is not named: %q", l.readings)
			}
		})
	}
}

func strconvQuote(s string) string { return `"` + s + `"` }

// Each of these would opt people out who have asked for nothing, or lose one
// who has.
func TestWhatIsNoOptOutListIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		a    asked
		want string
	}{
		"contacts":                      {"First name,Last name,Email\nA,B,a@example.com\n", asked{}, "Columns found: First name, Last name, Email. If everybody on it is to be opted out, say ALL=yes"},
		"addresses alone":               {"email\na@example.com\n", asked{}, "say ALL=yes"},
		"addresses without a header":    {"a@example.com\nb@example.com\n", asked{}, "Columns found: none (no line names them)"},
		"contacts with a date of birth": {"email,name,created_at\na@example.com,A,2020-01-01\n", asked{}, "say ALL=yes"},
		"when contacts were made":       {"email,created_at\na@example.com,2020-01-01\n", asked{}, "say ALL=yes"},
		"when they opted in":            {"email,opt-in date,consent timestamp\na@example.com,2020-01-01,2020-01-01\n", asked{}, "say ALL=yes"},
		"orders":                        {"email,name,date\na@example.com,A,2020-01-01\n", asked{}, "say ALL=yes"},
		"consent for SMS":               {"email,Accepts SMS Marketing,Do Not Call\na@example.com,no,1\n", asked{}, "say ALL=yes"},
		"a name that means the others":  {"email\na@example.com\n", asked{file: "contacts without unsubscribes.csv"}, "say ALL=yes"},
		"subscribers":                   {"email\na@example.com\n", asked{file: "subscribers.csv"}, "say ALL=yes"},
		"another status":                {"email,status\na@example.com,customer\n", asked{}, "say ALL=yes"},
		"a status that nobody knows":    {"email,status\na@example.com,unsubscribed\nb@example.com,quux\n", asked{}, `line 3: the column "status" holds "quux"`},
		"a yes that nobody knows":       {"Email,Unsubscribed from all email\na@example.com,oui\nb@example.com,maybe\n", asked{}, `line 3: the column "Unsubscribed from all email" holds "maybe"`},
		"a consent that nobody knows":   {"email,Newsletter\na@example.com,weekly\n", asked{}, `line 2: the column "Newsletter" holds "weekly"`},
		"a status of yes and no":        {"email,status\na@example.com,unsubscribed\nb@example.com,no\n", asked{}, `line 3: the column "status" holds "no"`},
		"a value about a person":        {"email,opted out\na@example.com,ask b@example.com first\n", asked{}, `holds "a longer text"`},
		"two that differ":               {"email,Email Opt Out,Newsletter\na@example.com,0,1\nb@example.com,0,0\n", asked{}, `line 3: "Newsletter" says that the person is out, and "Email Opt Out" that they are not; nothing was imported. Say by which to go, such as CONSENT="Email Opt Out"`},
		"an opt-out without its date":   {"email,unsubscribed at\na@example.com,2024-01-01\nb@example.com,\n", asked{file: "optouts.csv"}, `line 3 has no date in "unsubscribed at", though the file's name calls this a list of opt-outs`},
		"words without a column":        {"a@example.com,yes\nb@example.com,no\n", asked{file: "optouts.csv"}, "no line names the columns"},
		"another column":                {"name;contact\nA;a@example.com\n", asked{}, "Columns found: name, contact. Say COLUMN=contact"},
		"two columns of addresses":      {"a@example.com,b@example.com\n", asked{file: "optouts.csv"}, "Say COLUMN=1, or another"},
		"two named alike":               {"work email,home email\na@example.com,b@example.com\n", asked{all: true}, "Say COLUMN=work email, or another"},
		"a column that is not there":    {"name,email\nA,a@example.com\n", asked{column: "mail", all: true}, `there is no column "mail". Columns found: name, email`},
		"a consent that is not there":   {"name,email\nA,a@example.com\n", asked{consent: "ok"}, `no column "ok" is known to say who is out`},
		"no address":                    {"name,phone\nA,1\n", asked{all: true}, "no column holds e-mail addresses. Columns found: name, phone"},
		"postal addresses":              {"name,address\nA,1 Main St\n", asked{all: true}, "no column holds e-mail addresses"},
		"a column without a name":       {"name\nA,a@example.com\n", asked{all: true}, "Say COLUMN=2"},
		"nothing":                       {"\n \n", asked{}, "there is nothing in the file"},
		"broken JSON":                   {`[{"email":`, asked{}, "the JSON is broken"},
		"JSON of two lists":             {`{"a":[{"email":"a@example.com"}],"b":[{"email":"b@example.com"}]}`, asked{all: true}, "no column holds e-mail addresses"},
		"JSON contacts":                 {`[{"email":"a@example.com","name":"A"}]`, asked{}, "say ALL=yes"},
		"a workbook":                    {"PK\x03\x04...", asked{}, "save the sheet as CSV"},
		"SendGrid's blocks":             {"email,reason,status,created\na@example.com,x,5.7.1,1443651125\n", asked{file: "suppression_blocks.csv"}, "not opt-outs"},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := readText(c.text, c.a)
			if err == nil || !strings.Contains(err.Error(), c.want) || len(l.rows) > 0 {
				t.Errorf("%v, %+v", err, l)
			}
			if err != nil && (strings.Contains(err.Error(), "@example.com") || strings.Contains(err.Error(), ".go")) {
				t.Errorf("an address, or a file of the program: %v", err)
			}
		})
	}
}

// What customers, guests and applicants have agreed to or were refused is no
// opt-out of mail.
func TestOtherThingsAreNoOptOut(t *testing.T) {
	for header, values := range map[string]string{
		"Status": "active|canceled", "Order status": "cancelled|completed", "RSVP status": "declined|accepted", "Application status": "rejected", "Account status": "blocked|active",
		"Payment status": "declined|refused", "Lead Status": "dead|new", "Invitation accepted": "no|yes", "Accepted terms": "no", "Accept returns": "no", "Cookie consent": "no|yes",
		"Photo consent": "no", "Einwilligung Fotos": "nein", "AGB zugestimmt": "nein", "Acepta condiciones": "no", "HasOptedOutTracking": "true", "HasOptedOutProfiling": "1",
		"Double opt-in": "no|yes", "Allow login": "no", "Admin permission": "no", "Receives invoices": "no", "Wants demo": "no", "Agreement signed": "no", "Tax excluded": "yes",
		"Paid subscriber": "no|yes", "active_subscription": "false|true", "subscription_tier": "free", "Type": "permanent|junk", "Marketing contact status": "Non-marketing contact",
	} {
		text := "Email," + header + "\n"
		for i, v := range strings.Split(values, "|") {
			text += fmt.Sprintf("%c@example.com,%s\n", 'a'+i, v)
		}
		if l, err := readText(text, asked{}); err == nil || !strings.Contains(err.Error(), "ALL=yes") || !strings.Contains(err.Error(), header) {
			t.Errorf("%s: %q %v", header, outs(l), err)
		}
	}
	for file, text := range map[string]string{
		"newsletter-subscribers.csv": "email,date\na@example.com,2020-01-01\n", "customers.csv": "email,date\na@example.com,2020-01-01\n", "Kunden.csv": "email,datum\na@example.com,2020-01-01\n",
		"opt-ins.csv": "email,timestamp\na@example.com,2020-01-01\n", "whitelist.csv": "address,reason,created_at\na@example.com,unsubscribed himself,2022-10-21\n",
		"contacts_never_bounced.csv": "email\na@example.com\n", "resubscribed after unsubscribe.csv": "email\na@example.com\n", "pedidos cancelados.csv": "email\na@example.com\n",
		"Blocked Drains Ltd.csv": "email\na@example.com\n", "opt-in_opt-out_contacts.csv": "email\na@example.com\n", "all contacts incl. unsubscribed.csv": "email\na@example.com\n", "anti-spam customers.csv": "email\na@example.com\n",
	} {
		if l, err := readText(text, asked{file: file}); err == nil || !strings.Contains(err.Error(), "ALL=yes") {
			t.Errorf("%s: %q %v", file, outs(l), err)
		}
	}
}

// Exports as their makers name the columns: who is out, and since when.
func TestExports(t *testing.T) {
	for text, want := range map[string]string{
		"First Name,Email 1,Email subscriber status,SMS subscriber status,Email deliverability status\nA,a@example.com,Unsubscribed,Never subscribed,Valid\nB,b@example.com,Subscribed,Unsubscribed,Valid\nC,c@example.com,Never subscribed,,Bounced\n":                       "2 a  unsubscribed, 4 c  bounced",
		"Email address,Email permission status,Email opt out date,Email opt out reason\na@example.com,Unsubscribed,2021-02-03 10:11:12 EST,no more\nb@example.com,Temp hold,,\nc@example.com,Express,,\n":                                                                     "2 a 2021-02-03T15:11:12Z unsubscribed",
		"Email,Email Marketing Consent,Email Marketing Consent Timestamp,Email Suppressions\na@example.com,UNSUBSCRIBED,2023-01-01 10:00:00+00:00,[]\nb@example.com,SUBSCRIBED,2023-01-01 10:00:00+00:00,[]\n":                                                                "2 a 2023-01-01T10:00:00Z unsubscribed",
		"CONTACT ID,EMAIL,EMAIL_BLACKLISTED,SMS_BLACKLISTED,DOUBLE_OPT-IN,OPT_IN\n1,a@example.com,true,false,Yes,Yes\n2,b@example.com,false,true,No,Yes\n":                                                                                                                    "2 a  unsubscribed",
		"ID;Email;Status\n1;a@example.com;Unsubscribed\n2;b@example.com;Subscribed\n3;c@example.com;Not Activated\n":                                                                                                                                                          "2 a  unsubscribed",
		"email,active_subscription,email_disabled\na@example.com,false,false\nb@example.com,true,true\n":                                                                                                                                                                      "3 b  unsubscribed",
		"Email,Do not allow Bulk Emails,Do not allow Phone Calls,Status\na@example.com,Do Not Allow,Allow,Active\nb@example.com,Allow,Do Not Allow,Inactive\n":                                                                                                                "2 a  unsubscribed",
		"Email,Reason,Origin,Date\na@example.com,HardBounce,Recipient,2021-01-01T10:00:00Z\nb@example.com,ManualSuppression,Customer,2021-01-01T10:00:00Z\n":                                                                                                                  "2 a 2021-01-01T10:00:00Z bounced, 3 b 2021-01-01T10:00:00Z unsubscribed",
		"recipient,transactional,non_transactional,description\na@example.com,false,true,x\nb@example.com,false,false,x\n":                                                                                                                                                    "2 a  unsubscribed",
		`{"results":[{"recipient":"a@example.com","type":"non_transactional","source":"Unsubscribe Link","updated":"2020-01-16T13:00:00.000Z"},{"recipient":"b@example.com","type":"transactional","source":"Bounce Rule","updated":"2020-01-16T13:00:00.000Z"}],"links":[]}`: "1 a 2020-01-16T13:00:00Z unsubscribed, 2 b 2020-01-16T13:00:00Z bounced",
		"Email,Einwilligung erteilt\na@example.com,nein\nb@example.com,ja\n":                                                                                                                                                                                                  "2 a  unsubscribed",
		"Email,Consent given\na@example.com,no\nb@example.com,yes\n":                                                                                                                                                                                                          "2 a  unsubscribed",
		"Email,Desea recibir información\na@example.com,no\nb@example.com,sí\n":                                                                                                                                                                                               "2 a  unsubscribed",
		"Email,I agree to receive updates\na@example.com,no\nb@example.com,yes\n":                                                                                                                                                                                             "2 a  unsubscribed",
		"Email,Permission to contact\na@example.com,no\nb@example.com,yes\n":                                                                                                                                                                                                  "2 a  unsubscribed",
		"Email,Opt-In,Opt-In-Datum,Opt-Out-Datum\na@example.com,Ja,01.02.2020,\nb@example.com,Nein,01.02.2020,03.04.2021\nc@example.com,,,04.05.2021\nd@example.com,ja,,04.05.2021\n":                                                                                         "3 b 2021-04-03T00:00:00Z unsubscribed, 4 c 2021-05-04T00:00:00Z unsubscribed",
		"Email,Opt-In,Opt-In timestamp\na@example.com,no,2020-01-01\n":                                                                                                                                                                                                        "2 a  unsubscribed",
		"Email,Unsubscribed at\na@example.com,0000-00-00 00:00:00\nb@example.com,0001-01-01T00:00:00Z\nc@example.com,1970-01-01\nd@example.com,never\ne@example.com,active\nf@example.com,2020-01-01\n":                                                                       "7 f 2020-01-01T00:00:00Z unsubscribed",
		"Email,Unsubscribed\na@example.com,0000-00-00\nb@example.com,2020-01-01\n":                                                                                                                                                                                            "3 b 2020-01-01T00:00:00Z unsubscribed",
		"Email,Email Marketing: Status\na@example.com,unsubscribed\nb@example.com,redacted\n":                                                                                                                                                                                 "2 a  unsubscribed",
		"Unsubscribes\n\nName,E-mail,Date\nA,a@example.com,2020-02-03\n":                                                                                                                                                                                                      "4 a 2020-02-03T00:00:00Z unsubscribed",
		`[]`: "", `{"Subscribers":[]}`: "",
	} {
		l, err := readText(text, asked{})
		if got := strings.ReplaceAll(strings.Join(shown(l), ", "), "@example.com ", ""); err != nil || got != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	if l, err := readText("name\nA,a@example.com\n", asked{column: "2", all: true}); err != nil || outs(l) != "a unsubscribed" {
		t.Errorf("a column by its place, beyond the header: %q, %v", outs(l), err)
	}
	conflict := "email,newsletter,optin\na@example.com,1,0\n"
	if _, err := readText(conflict, asked{}); err == nil || !strings.Contains(err.Error(), `CONSENT="newsletter"`) {
		t.Errorf("two columns that contradict each other: %v", err)
	}
	for consent, want := range map[string]string{"Status": "b unsubscribed", "Plan consent": "a unsubscribed"} {
		if l, err := readText("Email,Status,Plan consent\na@example.com,active,no\nb@example.com,cancelled,yes\n", asked{consent: consent}); err != nil || outs(l) != want {
			t.Errorf("CONSENT=%s: %q, %v", consent, outs(l), err)
		}
	}
	for _, file := range []string{"sparkpost-suppression-acme.csv", "bajas-acme.csv", "unsubscribed before 2024.csv", "blocked contacts.csv"} {
		if l, err := readText("email\na@example.com\n", asked{file: file}); err != nil || outs(l) != "a unsubscribed" {
			t.Errorf("%s: %q, %v", file, outs(l), err)
		}
	}
}

// What is no column of consent may be a name that says what the list is.
func TestNamesOfLists(t *testing.T) {
	for file, want := range map[string]string{
		"optouts.csv": "a unsubscribed", "unsubscribed_segment_export_8893f824.csv": "a unsubscribed", "Suppression List.csv": "a unsubscribed",
		"do-not-contact.txt": "a unsubscribed", "blocklist.csv": "a unsubscribed", "Abmeldungen 2024.csv": "a unsubscribed", "Sperrliste.csv": "a unsubscribed",
		"Werbewidersprüche.csv": "a unsubscribed", "bajas-newsletter.csv": "a unsubscribed", "lista_robinson.csv": "a unsubscribed",
		"bounces.csv": "a bounced", "hard-bounces-2024.csv": "a bounced", "rebotes.csv": "a bounced", "spam_reports.csv": "a complained", "Complaints.csv": "a complained",
		"soft-bounces.csv": "",
	} {
		l, err := readText("email,name\na@example.com,A\n", asked{file: "some/folder/" + file})
		if err != nil || outs(l) != want {
			t.Errorf("%s: %q, %v", file, outs(l), err)
		}
	}
	for text, want := range map[string]string{
		"Unsubscribed people,\nas of today,\nName,Email\nA,a@example.com\n": "a unsubscribed",
		"Unsubscribes\na@example.com\nb@example.com\n":                      "a unsubscribed, b unsubscribed",
		"name,bounced email\nA,a@example.com\n":                             "a bounced",
	} {
		if l, err := readText(text, asked{}); err != nil || outs(l) != want {
			t.Errorf("%q: %q, %v", text, outs(l), err)
		}
	}
	if l, err := readText("First name,Last name,Email\nA,B,a@example.com\n", asked{all: true}); err != nil || outs(l) != "a unsubscribed" || l.readings[0] != "ALL=yes: everybody on it is out." {
		t.Errorf("%q, %v", l.readings, err)
	}
	if l, err := readText("Email,Opted out\na@example.com,no\n", asked{all: true, file: "optouts.csv"}); err != nil || outs(l) != "" {
		t.Errorf("the column of consent does not count: %q, %v", outs(l), err)
	}
	if l, err := readText("email,Email Opt Out,Newsletter\na@example.com,0,0\nb@example.com,1,1\n", asked{consent: "email opt out"}); err != nil || outs(l) != "b unsubscribed" {
		t.Errorf("%q, %v", outs(l), err)
	}
}

func utf16Bytes(text string, order binary.AppendByteOrder) []byte {
	var data []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		data = order.AppendUint16(data, unit)
	}
	return data
}

// The forms in which lists come, all of the same two people.
func TestForms(t *testing.T) {
	plain := "Name,E-Mail\nZoë,a@example.com\nB,b@example.com\n"
	for name, c := range map[string]struct {
		data   []byte
		column string
	}{
		"plain":                    {[]byte(plain), ""},
		"a byte order mark":        {[]byte("\ufeff" + plain), ""},
		"UTF-16":                   {utf16Bytes("\ufeff"+plain, binary.LittleEndian), ""},
		"UTF-16, big end":          {utf16Bytes("\ufeff"+plain, binary.BigEndian), ""},
		"UTF-16 without mark":      {utf16Bytes(plain, binary.LittleEndian), ""},
		"UTF-16, big, no mark":     {utf16Bytes(plain, binary.BigEndian), ""},
		"windows-1252":             {[]byte("Name,E-Mail\nZo\xeb,a@example.com\nB,b@example.com\n"), ""},
		"semicolons":               {[]byte(strings.ReplaceAll(plain, ",", ";")), ""},
		"tabs":                     {[]byte(strings.ReplaceAll(plain, ",", "\t")), ""},
		"pipes":                    {[]byte(strings.ReplaceAll(plain, ",", "|")), ""},
		"CR alone":                 {[]byte(strings.ReplaceAll(plain, "\n", "\r")), ""},
		"CR and LF":                {[]byte(strings.ReplaceAll(plain, "\n", "\r\n")), ""},
		"Excel's line":             {[]byte("sep=;\n" + strings.ReplaceAll(plain, ",", ";")), ""},
		"Excel's line, quoted":     {[]byte("\"sep=,\"\r\n" + plain), ""},
		"Excel's line, tab":        {[]byte("sep=\t\n" + strings.ReplaceAll(plain, ",", "\t")), ""},
		"title lines":              {[]byte("Report of 2024,\n\nmade by us,\n" + plain), ""},
		"a title without commas":   {[]byte("Report of 2024\n\n" + plain), ""},
		"a title of an address":    {[]byte("Report\nE-Mail\na@example.com\nb@example.com\n"), ""},
		"no header":                {[]byte("a@example.com\nb@example.com"), ""},
		"no header, names":         {[]byte("Zoë;a@example.com\nB;b@example.com"), ""},
		"no header, a place":       {[]byte("a@example.com;c@example.com\nb@example.com;d@example.com"), "1"},
		"another column":           {[]byte("name;contact\nA;a@example.com\nB;b@example.com\n"), "contact"},
		"a column, otherwise":      {[]byte("work email,home email\nx@example.com,a@example.com\ny@example.com,b@example.com\n"), "Home_Email"},
		"quoted, new lines":        {[]byte("Name,Email\n\"Z,\n\"\"o\"\"\",a@example.com\nB,\"b@example.com\"\n"), ""},
		"decorated":                {[]byte("email\nmailto:a@example.com\nB B <b@example.com>;\n"), ""},
		"decorated otherwise":      {[]byte("email\n<a@example.com>\nb@example.com.\n"), ""},
		"mailto with a subject":    {[]byte("email\nmailto:a@example.com?subject=out\n\"b@example.com,\"\n"), ""},
		"a postal address besides": {[]byte("Address,Email\n1 Main St,a@example.com\n2 Main St,b@example.com\n"), ""},
		"JSON":                     {[]byte(`[{"email":"a@example.com","name":"Z"},{"email":"b@example.com"}]`), ""},
		"JSON lines":               {[]byte("{\"email\":\"a@example.com\"}\n{\"email\":\"b@example.com\"}\n"), ""},
		"JSON, nested":             {[]byte(`{"data":{"people":[{"attributes":{"email":"a@example.com"}},{"attributes":{"email":"b@example.com"}}]}}`), ""},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := readList(c.data, asked{file: "optouts.csv", column: c.column}, time.Time{})
			if err != nil || outs(l) != "a unsubscribed, b unsubscribed" || len(l.remarks) > 0 {
				t.Errorf("%q, %v, %v", shown(l), l.remarks, err)
			}
		})
	}
}

// A quote that nobody closes costs its own line and no other.
func TestNobodyIsLostBehindAQuote(t *testing.T) {
	l, err := readText("email,name\na@example.com,\"open\nb@example.com,5\" pipe\nc@example.com,\"two\nlines\"\n\nd@example.com,x\n", asked{all: true})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, r := range l.rows {
		found[r.Address] = true
	}
	for _, want := range []string{"b@example.com", "c@example.com", "d@example.com"} {
		if !found[want] {
			t.Errorf("%s is lost: %+v", want, l)
		}
	}
	if !found["a@example.com"] && !slices.Contains(l.remarks, remark{2, brokenLine}) {
		t.Errorf("line 2 is neither taken nor reported: %+v", l)
	}
}

// A cell may hold a whole file; the desk refuses a call of more than 1 MB, and
// with it everybody else of the batch.
func TestALongLineCostsItselfAlone(t *testing.T) {
	long := strings.Repeat("<", 2<<20)
	l, err := readText("address,scope,reason,first_at\n"+long+"@example.com,email,unsubscribed,\na@example.com,"+long+",unsubscribed,\nb@example.com,email,unsubscribed,\n", asked{})
	if err != nil || len(l.rows) != 1 || l.rows[0].Address != "b@example.com" || !slices.Equal(l.remarks, []remark{{2, tooLong}, {3, tooLong}}) {
		t.Errorf("%d rows, %v, %v", len(l.rows), l.remarks, err)
	}
}

func TestRowsWithoutADateGetThatOfTheList(t *testing.T) {
	at := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	l, err := readList([]byte("email,date\na@example.com,\nb@example.com,2020-01-01\nc@example.com,03/04/2020\n"), asked{file: "people.csv"}, at)
	if err != nil || l.rows[0].At != "2025-01-01T00:00:00Z" || l.rows[1].At != "2020-01-01T00:00:00Z" || l.rows[2].At != "2025-01-01T00:00:00Z" {
		t.Errorf("%+v, %v", l.rows, err)
	}
	if !slices.Equal(l.remarks, []remark{{4, oddDate}}) || !slices.Contains(l.readings, "2 of 3 opt-outs have no date that could be read: they count from 2025-01-01.") {
		t.Errorf("%+v, %q", l.remarks, l.readings)
	}
	l, err = readText("email,name\na@example.com,A\n", asked{file: "optouts.csv"})
	if err != nil || !strings.HasPrefix(l.readings[1], "No date was read: ") {
		t.Errorf("%q, %v", l.readings, err)
	}
}

func TestDates(t *testing.T) {
	for text, want := range map[string]string{
		"1700000000": "2023-11-14T22:13:20Z", "1700000000000": "2023-11-14T22:13:20Z", "1714979289.5": "2024-05-06T07:08:09Z",
		"2024-05-06T07:08:09+02:00": "2024-05-06T05:08:09Z", "2024-05-06T07:08:09.123456+0000": "2024-05-06T07:08:09Z", "2024-05-06 07:08:09 -0500": "2024-05-06T12:08:09Z",
		"2024-05-06 07:08:09 UTC": "2024-05-06T07:08:09Z", "2024-05-06": "2024-05-06T00:00:00Z", "20110122T111244": "2011-01-22T11:12:44Z", "2024/05/06 07:08": "2024-05-06T07:08:00Z",
		"Fri, 21 Oct 2022 11:02:55 UTC": "2022-10-21T11:02:55Z", "Fri, 21 Oct 2022 11:02:55 +0200": "2022-10-21T09:02:55Z", "Fri, 21 Oct 2022 11:02:55 PST": "2022-10-21T19:02:55Z",
		"21 Oct 2022 11:02:55 GMT": "2022-10-21T11:02:55Z", "Fri Oct 21 11:02:55 UTC 2022": "2022-10-21T11:02:55Z",
		"Oct 21, 2022": "2022-10-21T00:00:00Z", "October 21, 2022 3:04 pm": "2022-10-21T15:04:00Z", "21. Oktober 2022": "2022-10-21T00:00:00Z", "3 de marzo de 2022": "2022-03-03T00:00:00Z",
		"02.01.2024 15:04": "2024-01-02T15:04:00Z", "2.1.2024": "2024-01-02T00:00:00Z", "25/12/2023": "2023-12-25T00:00:00Z", "12/25/2023 3:04 PM": "2023-12-25T15:04:00Z", "05/05/2023": "2023-05-05T00:00:00Z",
		"2022-10-21 11:02:55 +0000 UTC": "2022-10-21T11:02:55Z", "Tue Mar 05 2024 10:11:12 GMT+0100 (CET)": "2024-03-05T09:11:12Z", "5-Mar-2024": "2024-03-05T00:00:00Z", "Mar 5th, 2024": "2024-03-05T00:00:00Z",
		"2024-1-2": "2024-01-02T00:00:00Z", "2024-03-05 10:11:12 PM": "2024-03-05T22:11:12Z", "2 ene 2024": "2024-01-02T00:00:00Z", "2. Dez. 2024": "2024-12-02T00:00:00Z", "13.05.2024 - 10:00 Uhr": "2024-05-13T10:00:00Z",
		"13/05/2024, 10:00:00 p. m.": "2024-05-13T22:00:00Z", "5/13/2024 10:00:00 PM UTC": "2024-05-13T22:00:00Z", "2024-05-06T07:08:09+02": "2024-05-06T05:08:09Z", "2024-05-06T07:08+02:00": "2024-05-06T05:08:00Z",
		"20240102030405": "2024-01-02T03:04:05Z", "3.4.20": "2020-04-03T00:00:00Z", "25/12/20": "2020-12-25T00:00:00Z", "25-12-20": "", "2024-05-06T07:08:09Z[UTC]": "2024-05-06T07:08:09Z",
		"03/04/2020": "", "yesterday": "", "0000-00-00 00:00:00": "", "1900-01-01": "", "1e300": "", "12": "", "Fri, 21 Oct 2022 11:02:55 XYZ": "", "03/04/20": "",
	} {
		at, ok := readDate(text, unclear)
		if got := at.Format(time.RFC3339); ok != (want != "") || ok && got != want && !strings.HasPrefix(got, strings.TrimSuffix(want, "Z")) {
			t.Errorf("%s: %s, %v", text, got, ok)
		}
	}
	for text, want := range map[string]string{
		"03/04/2020\n25/12/2020": "2020-04-03", "03/04/2020\n12/25/2020": "2020-03-04", "03/04/2020\n12/25/2020\n25/12/2020": "", "03/04/2020\n05/06/2020": "",
	} {
		rows := "email,date\n"
		for line := range strings.SplitSeq(text, "\n") {
			rows += "a@example.com," + line + "\n"
		}
		l, err := readText(rows, asked{})
		if err != nil || !strings.HasPrefix(l.rows[0].At, want) || want == "" && l.rows[0].At != "" {
			t.Errorf("%q: %+v, %v", text, l.rows, err)
		}
	}
}

// The lists that the field sent, as they came.
func TestFieldInputs(t *testing.T) {
	folder := "../../../shared/inputs/field/"
	if _, err := os.Stat(folder); err != nil {
		t.Skip("SKIPPED: ../shared/inputs is not here:", err)
	}
	for file, want := range map[string]string{
		"shopify-customers.csv": "shopify.says.no unsubscribed", "salesforce-contacts.csv": "salesforce.out unsubscribed", "plain-contacts.csv": "error",
		"sendgrid-global-unsubscribes.csv": "sendgrid.unsubscribed unsubscribed", "mailgun-unsubscribes.csv": "mailgun.unsubscribed unsubscribed",
		"nobody-is-out.csv": "", "decorated.csv": "error", "excel-sep-line.csv": "sep unsubscribed",
	} {
		data, err := os.ReadFile(filepath.Join(folder, file))
		if err != nil {
			t.Fatal(err)
		}
		l, err := readList(data, asked{file: file}, time.Time{})
		if got := outs(l); (err != nil) != (want == "error") || err == nil && got != want {
			t.Errorf("%s: %q, %v", file, got, err)
		}
		if err != nil {
			if l, err = readList(data, asked{file: file, all: true}, time.Time{}); err != nil || len(l.rows) == 0 || len(l.remarks) > 0 {
				t.Errorf("%s with ALL=yes: %q, %v", file, outs(l), err)
			}
		}
	}
}

func BenchmarkReadList(b *testing.B) {
	var list strings.Builder
	list.WriteString("Name,Email,Accepts Email Marketing\n")
	for i := range 100_000 {
		fmt.Fprintf(&list, "\"P, %d\",p%d@example.com,no\n", i, i)
	}
	text := list.String()
	for b.Loop() {
		if l, err := readText(text, asked{}); err != nil || len(l.rows) != 100_000 {
			b.Fatal(len(l.rows), err)
		}
	}
	b.ReportMetric(float64(100_000*b.N)/b.Elapsed().Seconds(), "rows/s")
}

func FuzzReadList(f *testing.F) {
	files, _ := os.ReadDir("testdata")
	for _, file := range files {
		if data, err := os.ReadFile("testdata/" + file.Name()); err == nil {
			f.Add(data, true)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, all bool) {
		l, err := readList(data, asked{file: "people.csv", all: all}, time.Time{})
		if err != nil {
			return
		}
		for _, r := range l.rows {
			if r.line < 1 || r.Address == "" || r.Reason == "" {
				t.Fatalf("%+v", r)
			}
		}
		if len(l.rows) > 4*strings.Count(string(data), "\n")+len(data) {
			t.Fatalf("%d rows of %d bytes", len(l.rows), len(data))
		}
	})
}
