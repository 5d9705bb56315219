package main

import (
	"cmp"
	_ "embed"
	"html/template"
	"log"
	"net/http"

	"privacydesk/infra/dashboard"
	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/adapter/deskpage"
	desksample "privacydesk/shared/adapter/deskpage/sample"
	"privacydesk/shared/adapter/mail"
	mailsample "privacydesk/shared/adapter/mail/sample"
	"privacydesk/shared/adapter/page"
	pagesample "privacydesk/shared/adapter/page/sample"
)

//go:embed index.html
var indexHTML string

var index = template.Must(template.New("index").Parse(indexHTML))

type entry struct {
	Name   string
	Status int
}

// routes shows all there is; template is the path of template.yaml.
func routes(template string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", serveIndex)
	mux.HandleFunc("GET "+page.PathStylesheet, page.Stylesheet)
	mux.HandleFunc("GET "+page.PathIcon, page.Icon)
	mux.HandleFunc("GET /page/{name}", servePage)
	mux.HandleFunc("GET /screen/{name}", serveScreen)
	mux.HandleFunc("GET /mail/{name}", serveMail)
	mux.HandleFunc("GET /dashboard", serveDashboard(template))
	for pattern, serve := range deskpage.Assets() {
		mux.HandleFunc(pattern, serve)
	}
	return mux
}

func serveIndex(w http.ResponseWriter, _ *http.Request) {
	var content struct {
		Languages             []string
		Pages, Screens, Mails []entry
	}
	content.Languages = catalog.Languages()
	for _, s := range pagesample.Pages(catalog.Default) {
		content.Pages = append(content.Pages, entry{s.Name, s.Status})
	}
	for _, s := range desksample.Screens(catalog.Default) {
		content.Screens = append(content.Screens, entry{s.Name, s.Answer()})
	}
	for _, s := range mailsample.Mails(catalog.Default) {
		content.Mails = append(content.Mails, entry{Name: s.Name})
	}
	if err := index.Execute(w, content); err != nil {
		log.Print(err)
	}
}

// serveDashboard draws CloudWatch's dashboard as the template has it when the page is asked for.
func serveDashboard(path string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		board, err := dashboard.Load(path)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if err := dashboard.Draw(w, board); err != nil {
			log.Print(err)
		}
	}
}

// texts takes the language as the real pages do, so that their language switch works here too.
func texts(r *http.Request) *catalog.Texts {
	return catalog.For(catalog.Negotiate(r.FormValue(page.FieldLang), r.Header.Get("Accept-Language")))
}

func servePage(w http.ResponseWriter, r *http.Request) {
	for _, s := range pagesample.Pages(texts(r).Lang()) {
		if s.Name == r.PathValue("name") {
			if err := pagesample.Desk().Write(w, r, s.Status, texts(r), s.Page); err != nil {
				log.Print(err)
			}
			return
		}
	}
	http.NotFound(w, r)
}

func serveScreen(w http.ResponseWriter, r *http.Request) {
	lang := texts(r).Lang()
	for _, s := range desksample.Screens(lang) {
		if s.Name == r.PathValue("name") {
			if err := desksample.Desk().Show(w, r, s.Answer(), s.Visit(lang), s.Screen, r.FormValue("as") == "json"); err != nil {
				log.Print(err)
			}
			return
		}
	}
	http.NotFound(w, r)
}

// serveMail shows the HTML of a mail, or with ?as=text its headers and text.
func serveMail(w http.ResponseWriter, r *http.Request) {
	for _, s := range mailsample.Mails(texts(r).Lang()) {
		if s.Name == r.PathValue("name") {
			m, err := mailsample.Desk().Render(texts(r), s.Mail)
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			writeMail(w, cmp.Or(r.FormValue("as"), "html"), m)
			return
		}
	}
	http.NotFound(w, r)
}

func writeMail(w http.ResponseWriter, as string, m mail.Message) {
	body := m.HTML
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if as == "text" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		body = "Subject: " + m.Subject + "\n"
		for _, h := range m.Headers {
			body += h.Name + ": " + h.Value + "\n"
		}
		body += "\n" + m.Text
	}
	if _, err := w.Write([]byte(body)); err != nil {
		log.Print(err)
	}
}
