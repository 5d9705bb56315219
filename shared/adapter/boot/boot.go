package boot

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// Build names the code that runs; `make build` sets it.
var Build = "dev"

// Logger makes the function's logger the default one: JSON lines with the
// request's id, from the level that LOG_LEVEL names on.
func Logger() *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(os.Getenv("LOG_LEVEL"))) // INFO unless it names one
	log := slog.New(levelled{lambdacontext.NewLogHandler(), level}).With("build", Build)
	slog.SetDefault(log)
	return log
}

// levelled drops what is below a level. Lambda's own filter cannot: it would
// drop the metrics too, which are lines without a level.
type levelled struct {
	slog.Handler
	level slog.Level
}

func (h levelled) Enabled(_ context.Context, l slog.Level) bool { return l >= h.level }

func (h levelled) WithAttrs(as []slog.Attr) slog.Handler {
	return levelled{h.Handler.WithAttrs(as), h.level}
}

func (h levelled) WithGroup(name string) slog.Handler {
	return levelled{h.Handler.WithGroup(name), h.level}
}

// Must ends the process with a clear sentence when the start has failed.
func Must[T any](v T, err error) T {
	if err != nil {
		Check(err)
	}
	return v
}

// Check ends the process with a clear sentence when the start has failed.
func Check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "cannot start:", err)
		os.Exit(1)
	}
}
