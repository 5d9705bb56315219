package process

import (
	"os"
	"os/exec"
)

// leashed runs the command beside a reader of standard input, and kills it when
// that input ends: the stack holds the other end, so it ends with the stack.
const leashed = `exec 3<&0
"$@" </dev/null & child=$!
{ cat <&3 >/dev/null; kill -9 $child; } 2>/dev/null & watcher=$!
trap 'kill $child' TERM
wait $child; status=$?
kill $watcher 2>/dev/null
exit $status`

// Leash makes a command die with this process where the kernel does not see to
// that (see bind), by way of the shell. It comes before Start.
func Leash(cmd *exec.Cmd) error {
	if kernelBinds {
		return nil
	}
	return leash(cmd)
}

// ends are the stack's ends of the leashes; kept here, they stay open.
var ends []*os.File

func leash(cmd *exec.Cmd) error {
	shell, err := exec.LookPath("sh")
	if err != nil {
		return err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	ends = append(ends, write)
	cmd.Args = append([]string{"sh", "-c", leashed, "sh", cmd.Path}, cmd.Args[1:]...)
	cmd.Path, cmd.Stdin = shell, read
	return nil
}
