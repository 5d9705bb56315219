// Command preview shows every page and mail with sample data in every language, for whoever changes words,
// templates or colours: go run ./infra/preview. It reads and stores nothing.
package main

import (
	"flag"
	"fmt"
	"log"
	"net/http"
	"time"
)

func main() {
	address := flag.String("listen", "127.0.0.1:3010", "address to serve at")
	flag.Parse()
	fmt.Printf("Pages and mails with sample data: http://%s/\n", *address)
	server := &http.Server{Addr: *address, Handler: routes(), ReadHeaderTimeout: 5 * time.Second}
	if err := server.ListenAndServe(); err != nil {
		log.Fatalf("preview: %v\nIf the port is in use, choose another one: -listen 127.0.0.1:3011", err)
	}
}
