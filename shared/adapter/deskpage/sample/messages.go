package sample

import (
	"net/http"

	"privacydesk/shared/adapter/deskpage"
)

func messages(string) []Sample {
	return []Sample{
		{Name: "message-not-found", Status: http.StatusNotFound, Screen: deskpage.Message{Code: "not_found", Back: deskpage.PathHome}},
		{Name: "message-not-allowed", Status: http.StatusForbidden, Role: "viewer", Screen: deskpage.Message{Code: "not_allowed", Back: deskpage.PathHome}},
		{Name: "message-login", Status: http.StatusUnauthorized, Role: Nobody, Screen: deskpage.Message{Code: "login"}},
	}
}
