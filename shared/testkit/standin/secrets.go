package standin

import (
	"encoding/json"
	"net/http"
	"time"
)

// Secret is one secret of Secrets Manager.
type Secret struct {
	ARN     string
	Name    string
	Value   string // SecretString
	Version string // default "local"
	Created time.Time
}

type secretOutput struct {
	ARN           string
	Name          string
	SecretString  string
	VersionID     string `json:"VersionId"`
	VersionStages []string
	CreatedDate   epoch
}

const json11 = "application/x-amz-json-1.1"

// byTarget serves what speaks AWS JSON 1.1: the target header names the call.
func (s *Server) byTarget(w http.ResponseWriter, r *http.Request) {
	switch r.Header.Get("X-Amz-Target") {
	case "secretsmanager.GetSecretValue":
		s.getSecretValue(w, r)
	case "AWSEvents.PutEvents":
		s.putEvents(w, r)
	default:
		w.Header().Set("Content-Type", json11)
		refuseSecret(w, "UnknownOperationException", "")
	}
}

func (s *Server) getSecretValue(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", json11)
	var in struct{ SecretId, VersionStage string }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&in); err != nil {
		refuseSecret(w, "SerializationException", "")
		return
	}
	secret, ok := s.secret(in.SecretId)
	if !ok || in.VersionStage != "" && in.VersionStage != "AWSCURRENT" {
		refuseSecret(w, "ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
		return
	}
	json.NewEncoder(w).Encode(secretOutput{
		secret.ARN, secret.Name, secret.Value, secret.Version, []string{"AWSCURRENT"}, epoch{secret.Created},
	})
}

// secret finds a secret by ARN or name.
func (s *Server) secret(id string) (Secret, bool) {
	for _, secret := range s.cfg.Secrets {
		if id == secret.ARN || id == secret.Name {
			if secret.Version == "" {
				secret.Version = "local"
			}
			return secret, true
		}
	}
	return Secret{}, false
}

func refuseSecret(w http.ResponseWriter, code, message string) {
	w.WriteHeader(http.StatusBadRequest)
	json.NewEncoder(w).Encode(map[string]string{"__type": code, "Message": message})
}
