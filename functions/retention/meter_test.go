package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"

	"privacydesk/shared/domain/audit"
	"privacydesk/shared/domain/deadline"
	"privacydesk/shared/domain/intake"
	"privacydesk/shared/domain/lifecycle"
	"privacydesk/shared/domain/request"
	"privacydesk/shared/testkit"
)

// meter counts the calls of a client and the capacity that DynamoDB says they
// consume.
type meter struct {
	mu    sync.Mutex
	calls map[string]int
	read  float64 // capacity units of Query, GetItem, …
	write float64 // … and of what writes, a transaction's reads included

	step   int  // counts before and after every call
	killAt int  // the step at which the process dies; 0: never
	dead   bool // … and no call is answered
}

var errKilled = errors.New("killed")

// alive counts one step, and reports whether the process lives on.
func (m *meter) alive() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.step++
	if m.dead = m.dead || m.step == m.killAt; m.dead {
		return errKilled
	}
	return nil
}

// client returns a client of the same table whose calls are counted.
func (m *meter) client(db *dynamodb.Client) *dynamodb.Client {
	return dynamodb.New(db.Options(), func(o *dynamodb.Options) {
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("meter", m.count), middleware.Before)
		})
	})
}

func (m *meter) count(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	ask := reflect.ValueOf(in.Parameters).Elem().FieldByName("ReturnConsumedCapacity")
	if ask.IsValid() {
		ask.Set(reflect.ValueOf(types.ReturnConsumedCapacityTotal))
	}
	if err := m.alive(); err != nil {
		return middleware.InitializeOutput{}, middleware.Metadata{}, err
	}
	out, metadata, err := next.HandleInitialize(ctx, in)
	if err != nil {
		return out, metadata, err
	}
	if err := m.alive(); err != nil {
		return middleware.InitializeOutput{}, metadata, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	name := reflect.TypeOf(in.Parameters).Elem().Name()
	name = name[:len(name)-len("Input")]
	m.calls[name]++
	units := consumed(reflect.ValueOf(out.Result).Elem().FieldByName("ConsumedCapacity"))
	if name == "Query" || name == "GetItem" || name == "BatchGetItem" {
		m.read += units
	} else {
		m.write += units
	}
	return out, metadata, err
}

// consumed sums what an answer says, for one table or for several.
func consumed(v reflect.Value) (units float64) {
	var all []types.ConsumedCapacity
	switch c := v.Interface().(type) {
	case *types.ConsumedCapacity:
		if c != nil {
			all = append(all, *c)
		}
	case []types.ConsumedCapacity:
		all = c
	}
	for _, c := range all {
		if c.CapacityUnits != nil {
			units += *c.CapacityUnits
		}
	}
	return units
}

func (m *meter) reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls, m.read, m.write = map[string]int{}, 0, 0
}

func readAll(r *http.Request) string {
	text, _ := io.ReadAll(r.Body)
	return string(text)
}

// order gives an order of erasure, due now.
func (w *whole) order(t *testing.T) string {
	t.Helper()
	const id = "PD-ORDER"
	at := w.clock.Add(-time.Hour)
	r := request.Request{
		ID: id, Ref: "ref-of-zaphod", Version: 1, Kinds: []intake.Kind{deadline.Erasure}, State: lifecycle.Fulfilled, Address: testkit.Address(t, "zaphod@example.com"),
		ReceivedAt: at, VerifiedAt: at, ClosedAt: at, EraseFrom: at, Head: audit.Genesis(id),
	}
	e, err := audit.Append(r.Head, audit.Entry{At: at, Kind: "fulfilled", Actor: "officer"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Head = e.Head()
	if err := w.store.Requests.Create(t.Context(), request.Creation{Step: request.Step{Request: r, Events: []audit.Entry{e}}}); err != nil {
		t.Fatal(err)
	}
	return id
}
