package form

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/url"
	"strings"

	"privacydesk/shared/domain/fault"
)

// parse goes by the content type. Scripts often leave it out or name another
// one than they send, and nobody's wish to be left alone shall fail by that:
// what is plainly JSON or multipart is read as that. It may return one field
// more than maxFields, never many more.
func parse(body []byte, media string, params map[string]string) (Fields, error) {
	object := bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("{"))
	switch {
	case media == "multipart/form-data", media == "" && sentBoundary(body) != "":
		fields, err := multipartFields(body, params["boundary"])
		return toUTF8(fields, params["charset"]), err
	case media == "application/json", object && (media == "text/plain" || media == ""):
		return jsonFields(body)
	case media == "text/plain" && bytes.ContainsAny(body, "\r\n"):
		return toUTF8(lineFields(body), params["charset"]), nil
	case media == "application/x-www-form-urlencoded", media == "text/plain", media == "":
		if object {
			if fields, err := jsonFields(body); err == nil {
				return fields, nil // what curl -d makes of JSON
			}
		}
		return toUTF8(urlencodedFields(body), params["charset"]), nil
	}
	return nil, fault.New(fault.Unsupported, "Send the form as application/x-www-form-urlencoded, multipart/form-data or application/json.")
}

// urlencodedFields follows https://url.spec.whatwg.org/#urlencoded-parsing: it
// takes anything.
func urlencodedFields(body []byte) Fields {
	var fields Fields
	for pair := range strings.SplitSeq(string(body), "&") {
		if pair == "" || len(fields) > maxFields {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		fields = append(fields, Field{unescape(name, " "), unescape(value, " "), unescape(value, "+")})
	}
	return fields
}

// unescape decodes a name or a value, in which a raw plus stands for plus.
func unescape(s, plus string) string {
	s = strings.ReplaceAll(s, "+", plus)
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

// lineFields reads a form sent with enctype="text/plain": every field ends a
// line (https://html.spec.whatwg.org/#text/plain-encoding-algorithm). Text
// without a line's end comes from a script, and is urlencoded.
func lineFields(body []byte) Fields {
	var fields Fields
	for line := range strings.Lines(string(body)) {
		if name, value, found := strings.Cut(strings.TrimRight(line, "\r\n"), "="); found && len(fields) <= maxFields {
			fields = append(fields, Field{name, value, value})
		}
	}
	return fields
}

func multipartFields(body []byte, boundary string) (Fields, error) {
	broken := fault.New(fault.Invalid, "The form could not be read.")
	if boundary == "" {
		boundary = sentBoundary(body)
	}
	if boundary == "" {
		return nil, broken
	}
	var fields Fields
	for reader := multipart.NewReader(bytes.NewReader(body), boundary); len(fields) <= maxFields; {
		part, err := reader.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, broken
		}
		if part.FormName() == "" || part.FileName() != "" {
			continue
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, broken
		}
		fields = append(fields, Field{part.FormName(), string(value), string(value)})
	}
	return fields, nil
}

// sentBoundary finds the boundary in a multipart body itself, "" if it is
// none: a script that sets the content type by hand leaves the boundary out.
func sentBoundary(body []byte) string {
	line, rest, _ := bytes.Cut(body, []byte("\r\n"))
	boundary, found := bytes.CutPrefix(line, []byte("--"))
	if !found || len(boundary) > 70 || !bytes.HasPrefix(bytes.ToLower(rest[:min(len(rest), 8)]), []byte("content-")) {
		return ""
	}
	return string(boundary)
}
