package deskpage

import (
	"net/url"
	"strconv"
	"strings"

	"privacydesk/shared/adapter/catalog"
	"privacydesk/shared/domain/attachment"
)

// Upload is the form by which a browser sends a file straight to where files are kept, which sends it back here.
type Upload struct {
	Reference string         `json:"reference"`
	ID        string         `json:"id"` // of the file
	For       attachment.For `json:"for"`
	Replaces  string         `json:"replaces,omitempty"` // the name of the file whose place it takes
	Sent      bool           `json:"sent,omitempty"`     // it was said to be there, and is not
	Refused   bool           `json:"refused,omitempty"`  // what came was not taken, and was deleted
	Threat    bool           `json:"threat,omitempty"`   // since it held malware
	Action    string         `json:"action"`
	Fields    []UploadField  `json:"fields"` // in this order, before the file's own, which is named "file"
}

// UploadField is a field of the form that a browser fills in by itself.
type UploadField struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// AttachedPath is where a file of a request is fetched, UploadPath where it is sent from.
func AttachedPath(reference, file string) string { return FilePath(reference) + "/files/" + file }

// UploadPath is where a file that is expected is sent from, and where the browser comes back to.
func UploadPath(reference, file string) string { return AttachedPath(reference, file) + "/add" }

var (
	megabytes     = strconv.Itoa(attachment.MaxSize >> 20)
	uploadMinutes = strconv.Itoa(int(attachment.FormTime.Minutes()))
)

func (u Upload) view(_ *Desk, v Visit) view {
	t := v.Texts
	title, lead := t.Text("desk.upload.new"), t.Text("desk.upload.new.text", "reference", u.Reference)
	if u.Replaces != "" {
		title, lead = t.Text("desk.upload.replaces"), t.Text("desk.upload.replaces.text", "reference", u.Reference, "file", u.Replaces)
	}
	file := field{Kind: "file", Name: "file", Label: t.Text("desk.upload.label"), Hint: t.Text("desk.upload.limits", "megabytes", megabytes, "types", types(u.For)), Accept: accepted(u.For), Required: true, Error: u.wrong(t)}
	body := formBody{
		Lead:  []string{lead, t.Text("desk.upload.for." + string(u.For))},
		Links: []link{{FilePath(u.Reference), t.Text("desk.form.back")}},
		Form:  form{Action: u.Action, Upload: true, Intro: []string{t.Text("desk.upload.minutes", "minutes", uploadMinutes)}, Fields: []field{file}, Button: t.Text("desk.upload.button")},
	}
	if file.Error != "" {
		body.Problem, body.Faults = t.Plural("desk.correct", 1), []link{{"#f-file", file.Error}}
	}
	for _, f := range u.Fields {
		body.Form.Hidden = append(body.Form.Hidden, hidden(f))
	}
	return view{shape: formShape, title: title, body: body, failed: body.Problem != "", to: origin(u.Action)}
}

func (u Upload) wrong(t *catalog.Texts) string {
	switch {
	case u.Threat:
		return t.Text("desk.why.file_threat")
	case u.Refused:
		return t.Text("desk.upload.refused", "megabytes", megabytes)
	case u.Sent:
		return t.Text("desk.upload.missing")
	}
	return ""
}

// origin is where a form may go; "" for one of ours.
func origin(action string) string {
	to, err := url.Parse(action)
	if err != nil || to.Host == "" {
		return ""
	}
	return to.Scheme + "://" + to.Host
}

func types(f attachment.For) string {
	var all []string
	for _, kind := range f.Types() {
		all = append(all, strings.ToUpper(string(kind)))
	}
	return strings.Join(all, ", ")
}

func accepted(f attachment.For) string {
	var all []string
	for _, kind := range f.Types() {
		all = append(all, "."+string(kind))
	}
	return strings.Join(append(all, ".jpeg", ".heif"), ",")
}

// attached are the files to choose from.
func (a Act) attached(d *Desk, t *catalog.Texts) []option {
	var all []option
	for _, c := range a.Choices {
		f := *c.File
		whom := d.forWhom(t, f)
		all = append(all, option{Value: c.Value, Text: f.Name(), Hint: strings.TrimSuffix(whom.Text+", "+whom.Note, ", ")})
	}
	return all
}

func (a Act) chosenFile(d *Desk, in inputs) []field {
	return []field{in.choice("radio", "file", a.attached(d, in.t))}
}

// fileFields say for whom a file is, and whose part of an answer.
func (a Act) fileFields(d *Desk, in inputs) []field {
	var whom []attachment.For
	for _, c := range a.Choices {
		whom = append(whom, attachment.For(c.Value))
	}
	systems := []option{{Value: "", Text: in.t.Text("desk.files.own")}}
	for _, s := range d.Systems {
		systems = append(systems, option{Value: s.ID, Text: d.systemName(in.t, s.ID)})
	}
	return []field{in.choice("radio", "for", coded(in.t, "desk.upload.for.", whom)), in.choice("select", "system", systems)}
}
