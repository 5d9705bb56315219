// Command go is a system that erases, and sends what it holds, when the desk says so: DESK=https://privacy.example.com PORT=8080.
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

func carryOut(task, address, email string) (map[string]any, error) {
	switch _, found := people.Load(email); {
	case !found:
		return map[string]any{"outcome": "not_found"}, nil
	case task == "erasure":
		people.Delete(email)
	case task == "access":
		if err := send(address, map[string]any{"email": email}); err != nil {
			return nil, err
		}
	default:
		return map[string]any{"outcome": "failed", "ground": "this system cannot do that"}, nil
	}
	return map[string]any{"outcome": "done", "records": 1}, nil
}

func receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil || genuine(r.Header, body) != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	var event struct {
		Data struct{ Task, Address string }
	}
	var about struct{ Person struct{ Email string } }
	var outcome map[string]any
	err = errors.Join(json.Unmarshal(body, &event), desk("GET", event.Data.Address, nil, &about))
	if err == nil {
		outcome, err = carryOut(event.Data.Task, event.Data.Address, about.Person.Email)
	}
	if err == nil {
		err = desk("POST", event.Data.Address, outcome, &about)
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
