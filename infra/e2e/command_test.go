package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"privacydesk/shared/testkit"
)

// compile builds a command of the project.
func compile(t *testing.T, folder string) (root, command string) {
	t.Helper()
	root, err := testkit.Root()
	if err = errors.Join(err, testkit.Sources(folder)); err != nil {
		t.Fatal(err)
	}
	command = filepath.Join(t.TempDir(), filepath.Base(folder))
	build := exec.Command("go", "build", "-o", command, "privacydesk/"+folder)
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return root, command
}

// A port in use is said in one sentence that names the remedy, whichever of
// the three it is.
func TestAPortInUse(t *testing.T) {
	t.Parallel()
	root, command := compile(t, "infra/local")
	port := takePort(t)
	for offset, which := range []string{"site", "DynamoDB", "stand-in"} {
		t.Run(which, func(t *testing.T) {
			var said bytes.Buffer
			run := exec.Command(command, "run")
			run.Dir, run.Stderr = root, &said
			run.Env = append(os.Environ(), fmt.Sprintf("PORT=%d", port-offset))
			err := run.Run()
			text := strings.TrimSpace(said.String())
			if err == nil || strings.Contains(text, "\n") || !strings.Contains(text, fmt.Sprint(port)) || !strings.Contains(text, "PORT=") {
				t.Errorf("%v, and it said: %s", err, text)
			}
			t.Log(text)
		})
	}
}

// takePort takes a port whose neighbours are free.
func takePort(t *testing.T) int {
	t.Helper()
	port := freePort(t)
	taken, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	return port
}

// freePort finds a port that is free, as are its neighbours, away from those
// that the system gives to whoever asks for any.
func freePort(t *testing.T) int {
	t.Helper()
	for range 100 {
		port, free := 20_000+rand.IntN(10_000), true
		for neighbour := port - 2; neighbour <= port+2; neighbour++ {
			listener, err := net.Listen("tcp", fmt.Sprintf(":%d", neighbour))
			if free = free && err == nil; err == nil {
				_ = listener.Close()
			}
		}
		if free {
			return port
		}
	}
	t.Fatal("no five free ports in a row")
	return 0
}
