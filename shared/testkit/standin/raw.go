package standin

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
)

// parseRaw reads a MIME message: its header fields in their order and its first
// text and HTML part. Attachments are not kept.
func parseRaw(data []byte) (Mail, error) {
	msg, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return Mail{}, badRequest("The raw message has no valid header.")
	}
	m := Mail{Headers: orderedHeaders(data), Subject: decodeWords(msg.Header.Get("Subject"))}
	m.From = decodeWords(msg.Header.Get("From"))
	for name, into := range map[string]*[]string{"To": &m.To, "Cc": &m.Cc, "Reply-To": &m.ReplyTo} {
		*into = addressList(msg.Header, name)
	}
	m.Recipients = append(append(append([]string{}, m.To...), m.Cc...), addressList(msg.Header, "Bcc")...)
	readPart(textproto.MIMEHeader(msg.Header), msg.Body, &m)
	return m, nil
}

func addressList(h mail.Header, name string) []string {
	parsed, err := h.AddressList(name)
	if err != nil {
		return nil
	}
	var out []string
	for _, a := range parsed {
		out = append(out, a.Address)
	}
	return out
}

// orderedHeaders unfolds the header lines; SES takes Bcc out before it delivers.
func orderedHeaders(data []byte) Headers {
	head, _, _ := strings.Cut(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n\n")
	head = strings.NewReplacer("\n ", " ", "\n\t", " ").Replace(head)
	var out Headers
	for line := range strings.SplitSeq(head, "\n") {
		name, value, ok := strings.Cut(line, ":")
		if ok && !strings.EqualFold(name, "Bcc") {
			out = append(out, Header{name, decodeWords(strings.TrimSpace(value))})
		}
	}
	return out
}

func decodeWords(s string) string {
	decoded, err := new(mime.WordDecoder).DecodeHeader(s)
	if err != nil {
		return s
	}
	return decoded
}

// readPart takes the text or HTML of a part, going down into multiparts.
func readPart(header textproto.MIMEHeader, body io.Reader, m *Mail) {
	kind, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") {
		readParts(multipart.NewReader(body, params["boundary"]), m)
		return
	}
	if disposition, _, _ := mime.ParseMediaType(header.Get("Content-Disposition")); disposition == "attachment" {
		return
	}
	into := map[string]*string{"text/plain": &m.Text, "text/html": &m.HTML}[kind]
	if into == nil || *into != "" {
		return
	}
	content, _ := io.ReadAll(unencoded(header.Get("Content-Transfer-Encoding"), body))
	*into = string(content)
}

func readParts(parts *multipart.Reader, m *Mail) {
	for {
		part, err := parts.NextRawPart()
		if err != nil {
			return
		}
		readPart(part.Header, part, m)
	}
}

func unencoded(encoding string, body io.Reader) io.Reader {
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	}
	return body
}
