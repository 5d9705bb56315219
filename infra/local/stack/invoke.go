package stack

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"privacydesk/infra/local/runtime"
)

// invokeAPI is Lambda's Invoke: the SDK's client and `make invoke` speak to it.
func (s *Stack) invokeAPI(w http.ResponseWriter, r *http.Request) {
	payload, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	clientContext, err := base64.StdEncoding.DecodeString(r.Header.Get("X-Amz-Client-Context"))
	if err != nil {
		refuse(w, http.StatusBadRequest, "InvalidRequestContentException", "Client context must be base64.")
		return
	}
	if len(payload) > 0 && !json.Valid(payload) {
		refuse(w, http.StatusBadRequest, "InvalidRequestContentException", "Could not parse request body into json.")
		return
	}
	call := runtime.Call{Function: r.PathValue("name"), Payload: payload, ClientContext: string(clientContext)}
	if len(payload) == 0 {
		call.Payload = []byte("{}")
	}
	if _, known := s.Template.Function(call.Function); !known {
		refuse(w, http.StatusNotFound, "ResourceNotFoundException", "Function not found: "+call.Function)
		return
	}
	s.invocationTypes(w, r, call)
}

// maxEvent is the payload limit of an asynchronous invocation, in bytes.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
const maxEvent = 1 << 20

// invocationTypes: RequestResponse waits, Event does not, DryRun does nothing.
func (s *Stack) invocationTypes(w http.ResponseWriter, r *http.Request, call runtime.Call) {
	switch r.Header.Get("X-Amz-Invocation-Type") {
	case "DryRun":
		w.WriteHeader(http.StatusNoContent)
	case "Event":
		if len(call.Payload) > maxEvent {
			refuse(w, http.StatusRequestEntityTooLarge, "RequestTooLargeException", "The payload is over Lambda's limit of 1 MB for asynchronous invocations.")
			return
		}
		call.ClientContext = "" // for synchronous invocations alone
		s.async.Send(call)
		w.WriteHeader(http.StatusAccepted)
	default:
		s.invokeAndWait(w, r, call)
	}
}

func (s *Stack) invokeAndWait(w http.ResponseWriter, r *http.Request, call runtime.Call) {
	result, err := s.Runtime.Do(r.Context(), call)
	switch {
	case errors.Is(err, runtime.ErrTooLarge):
		refuse(w, http.StatusRequestEntityTooLarge, "RequestTooLargeException", err.Error())
		return
	case errors.Is(err, runtime.ErrThrottled):
		refuse(w, http.StatusTooManyRequests, "TooManyRequestsException", "Rate Exceeded.")
		return
	case err != nil:
		refuse(w, http.StatusInternalServerError, "ServiceException", err.Error())
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("X-Amz-Executed-Version", "$LATEST")
	h.Set("X-Amzn-Requestid", result.RequestID)
	if result.FunctionError != "" {
		h.Set("X-Amz-Function-Error", result.FunctionError)
	}
	_, _ = w.Write(result.Payload)
}

func refuse(w http.ResponseWriter, status int, kind, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-Errortype", kind)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"Type": "User", "Message": message})
}
