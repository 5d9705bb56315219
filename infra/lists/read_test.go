package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// One file in each system's format, of our own making.
func TestFormats(t *testing.T) {
	for file, want := range map[string]struct {
		format  string
		rows    []string // line address scope at reason
		notOut  int
		remarks []remark
	}{
		"mailchimp-unsubscribed.csv": {"Mailchimp, unsubscribed contacts", []string{
			"2 marvin@example.com  2021-03-04T05:06:07Z unsubscribed", "3 trillian@example.com  2022-01-01T00:00:00Z unsubscribed",
			"5 not an address  2021-01-01T00:00:00Z unsubscribed",
		}, 0, []remark{{6, noAddress}}},
		"mailchimp-cleaned.csv": {"Mailchimp, cleaned contacts", []string{"2 gone@example.com  2020-02-03T04:05:06Z bounced"}, 0, nil},
		"hubspot.csv":           {"HubSpot", []string{"2 zaphod@example.com   unsubscribed"}, 2, nil},
		"hubspot-unsubscribes.csv": {"HubSpot, unsubscribes and bounces", []string{
			"2 marvin@example.com   unsubscribed", "3 gone@example.com   bounced", "4 angry@example.com   complained", "5 dead@example.com   bounced",
		}, 2, nil},
		"mautic-report.csv": {"Mautic, report on do not contact", []string{
			"2 marvin@example.com  2018-01-02T03:04:00Z unsubscribed", "3 gone@example.com  2018-01-02T03:04:00Z bounced",
			"4 arthur@example.com sms 2018-01-02T15:04:00Z unsubscribed",
		}, 1, []remark{{6, oddChannel}}},
		"listmonk.csv": {"listmonk", []string{
			"2 marvin@example.com  2023-05-06T07:08:09Z unsubscribed", "5 slarti@example.com  2020-01-02T03:04:05Z unsubscribed",
		}, 1, []remark{{4, brokenLine}}},
		"mautic-dnc.tsv": {"Mautic, do not contact", []string{
			"2 marvin@example.com  2018-01-02T03:04:05Z unsubscribed", "3 gone@example.com  2018-01-02T03:04:05Z bounced",
			"4 arthur@example.com sms 2018-01-02T03:04:05Z unsubscribed",
		}, 1, []remark{{6, oddChannel}}},
		"ses.csv": {"Amazon SES", []string{
			"2 gone@example.com  2024-05-06T07:08:09Z bounced", "3 angry@example.com  2024-05-06T07:08:09Z complained",
		}, 0, nil},
		"ses.json": {"Amazon SES, JSON", []string{
			"1 gone@example.com  2024-05-06T07:08:09Z bounced", "2 angry@example.com  2024-05-06T07:08:09Z complained",
		}, 0, nil},
		"excel-utf16.txt": {"a list of addresses", []string{"2 marvin@example.com   unsubscribed", "3 zoe@example.com   unsubscribed"}, 0, nil},
		"latin1.csv":      {"a list of addresses", []string{"2 marvin@example.com   unsubscribed"}, 0, nil},
		"privacy-desk.csv": {"Privacy Desk", []string{
			"2 marvin@example.com email 2023-01-01T00:00:00Z unsubscribed", "3 =odd@example.com email/newsletter 2024-01-01T00:00:00Z unsubscribed",
			"5 gone@example.com bounce 2024-01-01T00:00:00Z bounced",
		}, 1, nil},
	} {
		t.Run(file, func(t *testing.T) {
			data, err := os.ReadFile("testdata/" + file)
			if err != nil {
				t.Fatal(err)
			}
			l, err := readList(data, time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			var rows []string
			for _, r := range l.rows {
				rows = append(rows, fmt.Sprintf("%d %s %s %s %s", r.line, r.Address, r.Scope, r.At, r.Reason))
			}
			if l.format != want.format || !slices.Equal(rows, want.rows) || l.notOut != want.notOut || !slices.Equal(l.remarks, want.remarks) {
				t.Errorf("%s %q, %d not out, %v", l.format, rows, l.notOut, l.remarks)
			}
		})
	}
}

// Each of these would opt people out who have asked for nothing.
func TestWhatIsNoOptOutListIsRefused(t *testing.T) {
	subscribed, err := os.ReadFile("testdata/mailchimp-subscribed.csv")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"Mailchimp's subscribers": {string(subscribed), errSubscribers},
		"a status nobody knows":   {"email,status\na@example.com,active\n", errSubscribers},
		"no header":               {"a@example.com\nb@example.com\n", errHeader},
		"no address column":       {"name,phone\nA,1\n", errHeader},
		"nothing":                 {"", errHeader},
	} {
		t.Run(name, func(t *testing.T) {
			if l, err := readList([]byte(c.text), time.Time{}); !errors.Is(err, c.want) || len(l.rows) > 0 {
				t.Errorf("%v, %+v", err, l)
			}
		})
	}
	if _, err := readList([]byte(`{"Subscribers":[]}`), time.Time{}); err == nil {
		t.Error("any JSON passes")
	}
}

// A quote that nobody closes costs its own line and no other.
func TestNobodyIsLostBehindAQuote(t *testing.T) {
	l, err := readList([]byte("email,name\na@example.com,\"open\nb@example.com,5\" pipe\nc@example.com,\"two\nlines\"\n\nd@example.com,x\n"), time.Time{})
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
		t.Errorf("line 2 is neither taken nor told: %+v", l)
	}
}

// A word that says neither yes nor no must not pass for a no in silence.
func TestAStatusThatNobodyKnowsIsTold(t *testing.T) {
	for header, rest := range map[string]string{"Email,Unsubscribed from all email\n": "", "Email,Status,uuid,attributes\n": ",u,{}"} {
		l, err := readList([]byte(header+"a@example.com,OUI"+rest+"\nb@example.com,"+rest+"\nc@example.com,No"+rest+"\n"), time.Time{})
		if err != nil || len(l.rows) > 0 || l.notOut != 2 || !slices.Equal(l.remarks, []remark{{2, oddStatus}}) {
			t.Errorf("%+v, %v", l, err)
		}
	}
}

// A cell may hold a whole file; the desk refuses a call of more than 1 MB, and
// with it everybody else of the batch.
func TestALongLineCostsItselfAlone(t *testing.T) {
	long := strings.Repeat("<", 2<<20)
	l, err := readList([]byte("address,scope,reason,first_at\n"+long+"@example.com,email,unsubscribed,\na@example.com,"+long+",unsubscribed,\nb@example.com,email,unsubscribed,\n"), time.Time{})
	if err != nil || len(l.rows) != 1 || l.rows[0].Address != "b@example.com" || !slices.Equal(l.remarks, []remark{{2, tooLong}, {3, tooLong}}) {
		t.Errorf("%d rows, %v, %v", len(l.rows), l.remarks, err)
	}
}

func TestRowsWithoutADateGetThatOfTheList(t *testing.T) {
	at := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	l, err := readList([]byte("email,date\na@example.com,\nb@example.com,2020-01-01\nc@example.com,03/04/2020\n"), at)
	if err != nil || l.rows[0].At != "2025-01-01T00:00:00Z" || l.rows[1].At != "2020-01-01T00:00:00Z" || l.rows[2].At != "2025-01-01T00:00:00Z" {
		t.Errorf("%+v, %v", l.rows, err)
	}
	if !slices.Equal(l.remarks, []remark{{4, oddDate}}) {
		t.Errorf("%+v", l.remarks)
	}
}

func FuzzReadList(f *testing.F) {
	files, _ := os.ReadDir("testdata")
	for _, file := range files {
		if data, err := os.ReadFile("testdata/" + file.Name()); err == nil {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := readList(data, time.Time{})
		if err != nil {
			return
		}
		lines := strings.Count(string(data), "\n") + strings.Count(string(data), "\r") + 1
		for _, r := range l.rows {
			if r.line < 1 || r.Address == "" || r.Reason == "" {
				t.Fatalf("%+v", r)
			}
		}
		if l.format != "Amazon SES, JSON" && len(l.rows) > 4*lines+len(data) {
			t.Fatalf("%d rows of %d lines", len(l.rows), lines)
		}
	})
}
