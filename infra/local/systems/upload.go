package systems

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime/multipart"
	"net/http"
)

// send sends what is held as a file: here it is what the desk has said itself.
func (s *Server) send(address string, about []byte) error {
	var told struct{ Person map[string]any }
	var given struct {
		Form struct {
			URL    string
			Fields map[string]string
		}
	}
	status, text, err := s.desk(http.MethodPost, address, []byte(`{"action":"add_file"}`))
	if err == nil && status != http.StatusOK {
		err = errors.New("the desk gives no form")
	}
	if err = errors.Join(err, json.Unmarshal(about, &told), json.Unmarshal(text, &given)); err != nil {
		return err
	}
	held, err := json.MarshalIndent(map[string]any{"records": []any{told.Person}}, "", "  ")
	if err != nil {
		return err
	}
	return s.upload(given.Form.URL, given.Form.Fields, held)
}

// upload posts a form of S3: its fields, and then the file.
func (s *Server) upload(to string, fields map[string]string, content []byte) error {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		_ = form.WriteField(name, value) // into memory
	}
	file, _ := form.CreateFormFile("file", "records.json")
	_, _ = file.Write(content)
	_ = form.Close()
	answer, err := s.Client.Post(to, form.FormDataContentType(), &body)
	if err != nil {
		return err
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusNoContent {
		return errors.New("the bucket did not take the file")
	}
	return nil
}
