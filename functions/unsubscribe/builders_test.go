package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const asJSON = "application/json"

// What the form builders of this world send, by their documentation or their
// markup, in our own words. Every one is an opt-out of all e-mail.
func TestFormBuilders(t *testing.T) {
	for name, c := range map[string]struct{ kind, body, name string }{
		"Webflow, own action":     {"", "name=Marvin&email=marvin@example.com&Message=remove+me&checkbox=on", "Marvin"},
		"Webflow, footer":         {"", "Footer-Email=marvin@example.com", ""},
		"Webflow, labels":         {"", "Full-Name=Marvin&E-Mail-Address*=marvin@example.com", "Marvin"},
		"Webflow, hosted":         {"", "name=Footer Form&pageId=6744&source=https://www.example.org&test=false&fields[Name]=Marvin&fields[Email]=marvin@example.com&fields[Email 2]=&fields[Checkbox]=true&dolphin=false", "Marvin"},
		"Webflow, webhook":        {asJSON, `{"triggerType":"form_submission","payload":{"name":"Footer Form","siteId":"65","data":{"Name":"Marvin","Email":"marvin@example.com"}}}`, "Marvin"},
		"Contact Form 7":          {"", "_wpcf7=171&_wpcf7_version=6.1&your-name=Marvin&your-email=marvin@example.com&acceptance-1=1&your-message=please", "Marvin"},
		"Contact Form 7, tag":     {"", "text-123=Marvin&email-456=marvin@example.com", ""},
		"Elementor":               {"", "post_id=7&form_id=8&form_fields[name]=Marvin&form_fields[email]=marvin@example.com&form_fields[field_1]=x", "Marvin"},
		"Elementor, webhook":      {asJSON, `{"form":{"id":"8","name":"New Form"},"fields":{"name":{"id":"name","type":"text","title":"Name","value":"Marvin","raw_value":"Marvin"},"email":{"id":"email","type":"email","title":"Email","value":"marvin@example.com","raw_value":"marvin@example.com","required":"1"}},"meta":{"page_url":{"title":"Page URL","value":"https://www.example.org"}}}`, "Marvin"},
		"Divi":                    {"", "et_pb_contact_name_0=Marvin&et_pb_contact_email_0=marvin@example.com", ""},
		"Ninja, by key":           {asJSON, `{"fields":[{"key":"name","value":"Marvin"},{"key":"email","value":"marvin@example.com"}]}`, "Marvin"},
		"Mailchimp":               {"", "EMAIL=marvin@example.com&FNAME=Marvin&b_0a1b_2c3d=&subscribe=Subscribe", "Marvin"},
		"Brevo":                   {"", "EMAIL=marvin@example.com&email_address_check=&locale=en", ""},
		"HubSpot":                 {asJSON, `{"fields":[{"objectTypeId":"0-1","name":"email","value":"marvin@example.com"},{"objectTypeId":"0-1","name":"firstname","value":"Marvin"}],"context":{"pageUri":"https://www.example.org","pageName":"Privacy"}}`, "Marvin"},
		"Klaviyo":                 {asJSON, `{"data":{"type":"subscription","attributes":{"profile":{"data":{"type":"profile","attributes":{"email":"marvin@example.com"}}}}}}`, ""},
		"Shopify":                 {"", "form_type=customer&utf8=✓&contact[tags]=newsletter&contact[email]=marvin@example.com", ""},
		"Squarespace":             {"", "fname=Marvin&email=marvin@example.com&captchaKey=", "Marvin"},
		"Wix":                     {asJSON, `{"data":{"formName":"Unsubscribe","submissions":[{"label":"Name","value":"Marvin"},{"label":"Email","value":"marvin@example.com"}],"submissionId":"1"}}`, "Marvin"},
		"Typeform":                {asJSON, `{"event_type":"form_response","form_response":{"form_id":"x","answers":[{"type":"text","text":"hello","field":{"id":"a","type":"short_text","ref":"r"}},{"type":"email","email":"marvin@example.com","field":{"id":"b","type":"email","ref":"s"}}]}}`, ""},
		"Tally":                   {asJSON, `{"eventType":"FORM_RESPONSE","data":{"fields":[{"key":"question_1","label":"Your email","type":"INPUT_EMAIL","value":"marvin@example.com"},{"key":"question_2","label":"Options","type":"CHECKBOXES","value":["a","b"]}]}}`, ""},
		"Netlify":                 {"", "form-name=unsubscribe&bot-field=&name=Marvin&email=marvin@example.com", "Marvin"},
		"Formspree":               {"", "name=Marvin&_replyto=marvin@example.com&_subject=x&_gotcha=", "Marvin"},
		"Formspree, both":         {asJSON, `{"email":"marvin@example.com","_replyto":"marvin@example.com","message":"x"}`, ""},
		"Jotform":                 {"", "formID=1&q2_name[first]=Marvin&q3_email=marvin@example.com&website=", ""},
		"Mautic":                  {"", "mauticform[formId]=1&mauticform[email]=marvin@example.com", ""},
		"Drupal":                  {"", "mail[0][value]=marvin@example.com&form_build_id=x", ""},
		"Rails":                   {"", "authenticity_token=x&user[name]=Marvin&user[email]=marvin@example.com&user[email_confirmation]=Marvin@Example.com", "Marvin"},
		"Salesforce":              {"", "oid=00D&retURL=https://www.example.org&first_name=Marvin&email=marvin@example.com", "Marvin"},
		"serializeArray":          {asJSON, `[{"name":"name","value":"Marvin"},{"name":"email","value":"marvin@example.com"}]`, "Marvin"},
		"fetch of strings":        {"text/plain;charset=UTF-8", `{"email":"marvin@example.com"}`, ""},
		"JSON:API":                {"application/vnd.api+json", `{"data":{"type":"optouts","attributes":{"email":"marvin@example.com"}}}`, ""},
		"numbers and nulls":       {asJSON, `{"id":7,"email":"marvin@example.com","phone":null,"age":42.0,"ok":true,"nested":{"a":[[],{}]}}`, ""},
		"Spanish":                 {"", "nombre=Marvin&correo electrónico=marvin@example.com", ""},
		"Japanese":                {"", "お名前=Marvin&メールアドレス=marvin@example.com", ""},
		"a label with a question": {"", "What is your email?=marvin@example.com", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			body, kind := c.body, c.kind
			if kind == "" {
				body, kind = encode(body), "application/x-www-form-urlencoded"
			}
			r.Expect(postForm(body, append([]string{"Content-Type", kind}, script...)...), http.StatusOK, `"received"`)
			r.wantRows(marvin, "email=out@1")
			if got := r.only(marvin).Name; got != c.name {
				t.Errorf("name %q, want %q", got, c.name)
			}
		})
	}
}

// encode escapes a form that is written down readably.
func encode(readable string) string {
	var pairs []string
	for pair := range strings.SplitSeq(readable, "&") {
		name, value, _ := strings.Cut(pair, "=")
		pairs = append(pairs, url.QueryEscape(name)+"="+url.QueryEscape(value))
	}
	return strings.Join(pairs, "&")
}

// Forms whose fields lie about what they hold: the address is the one that is
// valid, or there is none.
func TestFieldsThatLie(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want int
	}{
		"names under email":           {"name=Marvin&email=Middle&email-2=Last&Date-of-birth=1", 422},
		"recipient, phone, street":    {"email-2=Marvin&email-2=%2B1555&email-2=1 Some Way", 422},
		"the address under name":      {"name-2=marvin@example.com", 422},
		"the address among others":    {"email-2=Marvin&email-2=marvin@example.com&email-2=1 Some Way", 200},
		"parts in three fields":       {"email=marvin&email=@&email=example.com", 422},
		"a confirmation that differs": {"email=marvin@example.com&email_confirmation=marvin@example.org", 422},
		"two people":                  {"my-email=marvin@example.com&friend-email=zaphod@example.com", 422},
		"yes under email":             {"subscribe_email=on&email=marvin@example.com", 200},
		"a list":                      {"email=marvin@example.com; zaphod@example.com", 422},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.Expect(postForm(encode(c.body), script...), c.want, "")
			want := ""
			if c.want == http.StatusOK {
				want = "email=out@1"
			}
			r.wantRows(marvin, want)
		})
	}
}
