package aws

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// A start waits for its connection, and no longer than a little for one that hangs.
func TestStartDoesNotHang(t *testing.T) {
	asked, end := make(chan struct{}, 1), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		asked <- struct{}{}
		<-end
	}))
	defer server.Close()
	defer close(end)
	t.Setenv("AWS_ENDPOINT_URL_DYNAMODB", server.URL)
	aws := New()
	if aws.patience > 3*time.Second {
		t.Errorf("a start waits %s", aws.patience)
	}
	aws.patience = 200 * time.Millisecond
	began := time.Now()
	aws.DynamoDB(Prompt)
	aws.Wait()
	if waited := time.Since(began); waited < aws.patience || waited > 5*time.Second || len(asked) != 1 {
		t.Errorf("waited %s, asked %d times", waited, len(asked))
	}
}
