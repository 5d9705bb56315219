package page

import (
	"html/template"
	"net/url"
	"strings"

	"privacydesk/shared/adapter/catalog"
)

// frame is what surrounds every page: head, name, language switch, contact.
type frame struct {
	Lang       string
	Title      string // h1
	Window     string // title of the window
	Stylesheet string
	Icon       string
	Skip       string
	Home       string
	Name       string
	Desk       string
	Languages  []languageLink
	Switch     string // names the language switch
	Contact    contact
	Body       any
}

type languageLink struct {
	Code, Name, Href string
	Current          bool
}

type contact struct {
	Title    string
	Sender   []string // lines
	Email    string
	EmailURL string
	Phone    string
	PhoneURL template.URL
	Links    []link
}

func (d *Desk) frame(t *catalog.Texts, v view) frame {
	window := v.title + " – " + d.Organisation.Name
	if v.failed {
		window = t.Text("form.error") + " " + window
	}
	f := frame{
		Lang: t.Lang(), Title: v.title, Window: window, Stylesheet: StylesheetURL(), Icon: PathIcon,
		Skip: t.Text("nav.skip"), Home: inLanguage(t, pathHome, "nav.home").Href, Name: d.Organisation.Name, Desk: t.Text("nav.desk"),
		Switch: t.Text("nav.languages"), Contact: d.contact(t), Body: v.body,
	}
	if v.languages {
		f.Languages = languageLinks(t, v.query)
	}
	return f
}

// languageLinks lead to the page in another language, with the rest of its query.
func languageLinks(t *catalog.Texts, query url.Values) []languageLink {
	var links []languageLink
	kept := query.Encode()
	if kept != "" {
		kept += "&"
	}
	for _, code := range catalog.Languages() {
		links = append(links, languageLink{
			Code: code, Name: catalog.Name(code), Href: "?" + kept + FieldLang + "=" + code, Current: code == t.Lang(),
		})
	}
	return links
}

func (d *Desk) contact(t *catalog.Texts) contact {
	o := d.Organisation
	c := contact{
		Title: t.Text("footer.title"), Sender: lines(o.Sender()),
		Email: o.Contact, EmailURL: "mailto:" + o.Contact, Phone: o.Phone, PhoneURL: phoneURL(o.Phone),
	}
	if o.PrivacyPolicy != "" {
		c.Links = append(c.Links, link{o.PrivacyPolicy, t.Text("footer.policy")})
	}
	if o.Website != "" {
		c.Links = append(c.Links, link{o.Website, t.Text("footer.site", "name", o.Name)})
	}
	return c
}

func lines(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
}

// phoneURL keeps the digits and the plus alone; html/template lets no tel: link through that is not vouched for.
func phoneURL(phone string) template.URL {
	return template.URL("tel:" + strings.Map(func(r rune) rune {
		if r == '+' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, phone))
}
