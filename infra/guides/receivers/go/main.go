// Command go is a system that erases when the desk says so: DESK=https://privacy.example.com PORT=8080.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"sync"
)

// desk calls the desk. After an error we answer 500, and it tells us again.
func desk(method, address string, outcome map[string]any, into any) error {
	body, _ := json.Marshal(outcome)
	request, err := http.NewRequest(method, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header = http.Header{"Accept": {"application/json"}, "Content-Type": {"application/json"}}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return errors.New("the desk answered " + answer.Status)
	}
	return json.NewDecoder(answer.Body).Decode(into)
}

var people sync.Map // in place of your database

func erase(email string) map[string]any {
	if _, found := people.LoadAndDelete(email); !found {
		return map[string]any{"outcome": "not_found"}
	}
	return map[string]any{"outcome": "done", "records": 1}
}

func receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil || genuine(r.Header, body) != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var event struct{ Data struct{ Address string } }
	var about struct{ Person struct{ Email string } }
	err = errors.Join(json.Unmarshal(body, &event), desk("GET", event.Data.Address, nil, &about))
	if err == nil {
		err = desk("POST", event.Data.Address, erase(about.Person.Email), &about)
	}
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func main() {
	for email := range strings.SplitSeq(os.Getenv("PEOPLE"), ",") {
		people.Store(email, true)
	}
	if err := trust(os.Getenv("DESK")); err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), http.HandlerFunc(receive)))
}
