// Command preview shows every page, screen of the desk and mail with sample data in every language, and draws the dashboard of
// template.yaml, for whoever changes words, templates or colours: go run ./infra/preview, from the top folder. It
// stores nothing.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"strconv"
	"time"

	"privacydesk/infra/local/loopback"
)

// address is ten ports above the local stack's, whose PORT it follows.
func address() (string, error) {
	port, err := strconv.ParseUint(cmp.Or(os.Getenv("PORT"), "3000"), 10, 16)
	if err != nil || port+10 > 65535 {
		return "", errors.New("PORT must be the number of a port, such as 3000")
	}
	return fmt.Sprintf("127.0.0.1:%d", port+10), nil
}

func main() {
	usual, err := address()
	if err != nil {
		log.Fatal(err)
	}
	address := flag.String("listen", usual, "address to serve at")
	flag.Parse()
	fmt.Printf("Pages, screens and mails with sample data: http://%s/\n", *address)
	server := &http.Server{Addr: *address, Handler: loopback.Only(routes("template.yaml")), ReadHeaderTimeout: 5 * time.Second}
	if err := server.ListenAndServe(); err != nil {
		log.Fatalf("preview: %v\nIf the port is in use, choose another one: make preview PORT=4300 serves at 4310", err)
	}
}
