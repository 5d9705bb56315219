package page_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/page"
	"privacydesk/shared/adapter/page/sample"
	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/fault"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/optout"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit/markup"
)

// subjects are the words for what can be stopped.
func subjects(t *catalog.Texts) []string {
	all := []string{t.Scope(string(optout.Sale.Scope()), "")}
	for _, c := range optout.Channels {
		all = append(all, t.Scope(string(c.Scope()), ""))
	}
	return all
}

// labels are those under which a page may name a subject: each says "stopped", or what the person is asked.
func labels(t *catalog.Texts) *regexp.Regexp {
	var all []string
	for _, key := range []string{"fact.stop", "fact.stopped", "fact.stays", "fact.back", "fact.resume", "fact.others"} {
		if t.Has(key) {
			all = append(all, regexp.QuoteMeta(t.Text(key)))
		}
	}
	on := strings.ReplaceAll(regexp.QuoteMeta(t.Text("fact.stopped.on")), `\{date\}`, ".*")
	return regexp.MustCompile("^(" + strings.Join(append(all, on), "|") + ")$")
}

// What was stopped is never shown under a label such as "in effect", which says that it goes on.
func TestWhatWasStoppedIsShownAsStopped(t *testing.T) {
	shown := 0
	everyPage(t, func(t *testing.T, lang string, s sample.Sample) {
		texts := catalog.For(lang)
		allowed, named := labels(texts), subjects(texts)
		doc := parse(t, s.Page, lang, sample.Desk())
		for _, pair := range doc.All("div") {
			label, values := factOf(pair)
			for _, value := range values {
				if !slices.Contains(named, value) {
					continue
				}
				shown++
				if !allowed.MatchString(label) {
					t.Errorf("%q stands under %q", value, label)
				}
			}
		}
	})
	if shown < 50 {
		t.Errorf("only %d subjects were found on all pages", shown)
	}
}

// factOf is the label and the values of a row of facts.
func factOf(row *html.Node) (label string, values []string) {
	for n := range row.ChildNodes() {
		switch {
		case n.Type != html.ElementNode:
		case n.Data == "dt":
			label = content(n)
		case n.Data == "dd":
			values = append(values, content(n))
		}
	}
	return label, values
}

func content(n *html.Node) string {
	var all strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			all.WriteString(d.Data)
		}
	}
	return strings.TrimSpace(all.String())
}

// receives are words that claim that somebody gets our messages.
var receives = map[string]*regexp.Regexp{
	"en": regexp.MustCompile(`(?i)you (receive|get) (this|our emails|them)|subscribed again|receiving`),
	"es": regexp.MustCompile(`\bLo recibe|ecibe nuestros correos|vuelve a recibir|suscripción vuelve`),
	"de": regexp.MustCompile(`(?i)sie erhalten (das|unsere|wieder)|wieder angemeldet`),
}

// Only a page about a choice that the person has just made, and that nothing overrules, says that they get our
// messages: of everybody else we know no more than that nothing stops them.
func TestOnlyARecordedChoiceIsCalledReceiving(t *testing.T) {
	claims := map[string]int{}
	everyPage(t, func(t *testing.T, lang string, s sample.Sample) {
		text := parse(t, s.Page, lang, sample.Desk()).Text
		if !receives[lang].MatchString(text) {
			return
		}
		claims[lang]++
		undone, isUndone := s.Page.(page.Undone)
		if !isUndone || undone.Now[0].State != page.Receiving || undone.Now[0].Covered {
			t.Errorf("it claims %q", receives[lang].FindString(text))
		}
	})
	for _, lang := range catalog.Languages() {
		if claims[lang] == 0 {
			t.Errorf("%s: not even the page after an undo says it", lang)
		}
	}
}

// A summary leads from field to field in the order of the page.
func TestErrorsComeInTheOrderOfTheFields(t *testing.T) {
	form := page.RequestForm{Errors: []fault.FieldError{
		{Field: page.FieldEmail, Reason: "missing"}, {Field: page.FieldDetails, Reason: "too_long"}, {Field: page.FieldKind, Reason: "missing"},
	}}
	var got []string
	for _, a := range parse(t, form, "en", sample.Desk()).All("a") {
		if href := markup.Attr(a, "href"); strings.HasPrefix(href, "#") && href != "#content" {
			got = append(got, href)
		}
	}
	if want := []string{"#kind-access", "#email", "#details"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// "Oops" is for what fails on our side; whoever must correct something reads that there is a problem.
func TestOnlyOurOwnFaultsSayOops(t *testing.T) {
	everyPage(t, func(t *testing.T, lang string, s sample.Sample) {
		oops := catalog.For(lang).Text("form.failed")
		p, ours := s.Page.(page.Problem)
		says := strings.Contains(render(t, lang, s), oops)
		if says != (ours && p.Sent && p.Status >= 500) && lang != "en" {
			t.Errorf("it says %q: %v", oops, says)
		}
	})
}

// Whoever has switched the language keeps it on the way to another page.
func TestWaysToOtherPagesKeepTheLanguage(t *testing.T) {
	public := []string{"/unsubscribe", "/requests", "/my-links", "/receipts/check"}
	everyPage(t, func(t *testing.T, lang string, s sample.Sample) {
		for _, a := range parse(t, s.Page, lang, sample.Desk()).All("a") {
			path, query, _ := strings.Cut(markup.Attr(a, "href"), "?")
			if slices.Contains(public, path) && !strings.Contains("&"+query, "&lang="+lang) {
				t.Errorf("%s forgets the language", markup.Attr(a, "href"))
			}
		}
	})
}

// Choosing is offered instead of a button only where there is one.
func TestNothingIsOfferedInsteadOfWhatIsDone(t *testing.T) {
	for state, want := range map[page.State]string{page.Receiving: "take a break instead", page.Paused: "take a break instead", page.Stopped: "See or change all your choices"} {
		p := page.UnsubscribeLink{Subject: page.Subject{Scope: "email"}, Now: &page.Preference{State: state}, PreferencesURL: "/preferences/x"}
		if text := parse(t, p, "en", sample.Desk()).Text; !strings.Contains(text, want) {
			t.Errorf("%v: %s", state, text)
		}
	}
}

// Where the law of a place knows no appeal, nothing on the page calls a review one.
func TestAReviewIsNotCalledAnAppeal(t *testing.T) {
	appeal := map[string]string{"en": "ppeal", "es": "ecurr", "de": "inspruch"}
	for _, s := range sample.Pages("en") {
		p, ok := s.Page.(page.RequestStatus)
		if !ok || s.Name != "request-status-partly" {
			continue
		}
		for lang, word := range appeal {
			for place, want := range map[deadline.Jurisdiction]bool{{Country: "US", Region: "VA"}: true, {Country: "DE"}: false} {
				p.File.Request.Place = place
				if text := parse(t, p, lang, sample.Desk()).Text; strings.Contains(text, word) != want {
					t.Errorf("%s, %s: %q: %v in %s", lang, place, word, !want, text)
				}
			}
		}
	}
}

// Two requests for the same are answered together, until they are.
func TestAnAnsweredRequestPromisesNoAnswer(t *testing.T) {
	for state, want := range map[lifecycle.State]bool{lifecycle.Open: true, lifecycle.Fulfilled: false, lifecycle.Withdrawn: false} {
		q := request.Request{ID: "PD-1", State: state, LinkedTo: "PD-0"}
		if text := parse(t, page.RequestStatus{File: request.File{Request: q}}, "en", sample.Desk()).Text; strings.Contains(text, "We answer both") != want {
			t.Errorf("%s: %s", state, text)
		}
	}
}

// A field that one of the kinds needs is not called optional where that kind is, or can be, asked for.
func TestNothingThatIsNeededIsCalledOptional(t *testing.T) {
	for name, form := range map[string]page.RequestForm{
		"all questions on one page": {},
		"guided, several kinds":     {Guided: true, Kinds: []string{"access", "correction"}, OnBehalfOf: "self"},
		"guided, a complaint":       {Guided: true, Kinds: []string{"complaint"}, OnBehalfOf: "self"},
	} {
		for _, label := range parse(t, form, "en", sample.Desk()).All("label") {
			if text := content(label); markup.Attr(label, "for") == page.FieldDetails && strings.Contains(text, "optional") {
				t.Errorf("%s: %s", name, text)
			}
		}
	}
}

// A complaint is found to be justified or not: nothing is refused, and nothing was done that was asked for.
func TestAComplaintIsAnswered(t *testing.T) {
	for _, state := range []lifecycle.State{lifecycle.Fulfilled, lifecycle.PartlyFulfilled, lifecycle.Refused} {
		q := request.Request{ID: "PD-1", State: state, Kinds: []intake.Kind{deadline.Complaint}}
		text := parse(t, page.RequestStatus{File: request.File{Request: q, Events: []audit.Entry{{Kind: string(state)}}}}, "en", sample.Desk()).Text
		if !strings.Contains(text, "We answered your complaint.") || strings.Contains(text, "efused") || strings.Contains(text, "asked for") {
			t.Errorf("%s: %s", state, text)
		}
	}
}
