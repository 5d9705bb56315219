package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime/multipart"
	"net/http"
)

// send sends what you hold as a file: the desk gives a form, and the file goes to the bucket that it names.
func send(address string, held any) error {
	var given struct {
		Form struct {
			URL    string
			Fields map[string]string
		}
	}
	if err := desk("POST", address, map[string]any{"action": "add_file"}, &given); err != nil {
		return err
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range given.Form.Fields {
		_ = form.WriteField(name, value)
	}
	file, _ := form.CreateFormFile("file", "records.json") // the last field
	_ = json.NewEncoder(file).Encode(held)
	_ = form.Close()
	answer, err := http.Post(given.Form.URL, form.FormDataContentType(), &body)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusNoContent {
		return errors.New("the bucket answered " + answer.Status)
	}
	return nil
}
