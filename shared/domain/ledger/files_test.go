package ledger

import (
	"testing"

	"privacydesk/shared/domain/fault"
)

// What a system holds about somebody who asks for it comes as a file.
func TestAnAnswerFitsItsFiles(t *testing.T) {
	for name, c := range map[string]struct {
		task   Task
		deed   Deed
		reason string
	}{
		"done, with files":          {Access, Deed{Act: Answered, State: Done, Files: 2}, ""},
		"done, without":             {Access, Deed{Act: Answered, State: Done, Outcome: Outcome{Records: 3}}, NoFile},
		"nothing, without":          {Access, Deed{Act: Answered, State: NotFound}, ""},
		"nothing, and yet a file":   {Access, Deed{Act: Answered, State: NotFound, Files: 1}, FileSent},
		"not allowed":               {Access, Deed{Act: Answered, State: Exempt, Outcome: Outcome{Ground: "legal_duty"}}, ""},
		"only a part can be given":  {Access, Deed{Act: Answered, State: Failed, Files: 1, Outcome: Outcome{Ground: "technical"}}, ""},
		"another task":              {Erasure, Deed{Act: Answered, State: Done}, ""},
		"an officer knows it":       {Access, Deed{Act: Set, State: Done, Outcome: Outcome{Why: "they sent it by post"}, By: "officer/ann"}, ""},
		"an officer has asked them": {Access, Deed{Act: Set, State: NotFound, Outcome: Outcome{Why: "they said so"}, By: "officer/ann"}, ""},
	} {
		e := Entry{State: Told, Task: c.task}
		before := e
		_, err := e.Do(now, c.deed, crm)
		fields := fault.FieldsOf(err)
		if c.reason == "" && err != nil || c.reason != "" && (len(fields) != 1 || fields[0].Field != "outcome" || fields[0].Reason != c.reason || e != before) {
			t.Errorf("%s: %v, %+v", name, err, e)
		}
	}
	e := Entry{State: Told, Task: Access}
	for range 2 { // its files may be gone when it says so again
		if _, err := e.Do(now, Deed{Act: Answered, State: Done, Files: 1}, crm); err != nil {
			t.Fatal(err)
		}
	}
	if changed, err := e.Do(now, Deed{Act: Answered, State: Done}, crm); changed || err != nil || e.TakesFile("") == nil {
		t.Errorf("%v, %v", changed, err)
	}
}

// That data must be kept is a reason not to erase it. It is none not to show it.
func TestReasonsFitTheTask(t *testing.T) {
	for task, want := range map[Task]State{Erasure: Exempt, Restriction: Exempt, Access: ""} {
		for _, ground := range []string{"legal_duty", "claims", "contract"} {
			if got := Because(task, ground); got != want {
				t.Errorf("%s of %s: %q, want %q", ground, task, got, want)
			}
		}
	}
	for _, r := range Reasons(Access) { // an officer looks at it
		if r.State != Failed || Because(Access, r.Code) != Failed {
			t.Errorf("%+v", r)
		}
	}
}

func TestWhichTasksTakeFiles(t *testing.T) {
	for name, c := range map[string]struct {
		e      Entry
		notice string
		takes  bool
	}{
		"told":            {Entry{Task: Access, State: Told}, ".access.", true},
		"due":             {Entry{Task: Access, State: Due}, "", true},
		"failed":          {Entry{Task: Access, State: Failed, Required: true}, "", true},
		"told anew since": {Entry{Task: Access, State: Told, Round: 1}, ".access.", false},
		"answered":        {Entry{Task: Access, State: NotFound}, "", false},
		"erasure":         {Entry{Task: Erasure, State: Told}, "", false},
	} {
		if err := c.e.TakesFile(c.notice); (err == nil) != c.takes || err != nil && !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
