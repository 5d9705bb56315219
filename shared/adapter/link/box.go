package link

// Box seals what a cookie carries, for one purpose. It has no time: what must
// expire says so itself.
type Box struct {
	Ring    *KeyRing
	Purpose Purpose
}

// Seal makes a token of letters, digits, "-" and "_".
func (b Box) Seal(plain []byte) (string, error) { return b.Ring.seal(b.Purpose, plain) }

// Open gives back what Seal was given. Error: ErrDamaged.
func (b Box) Open(token string) ([]byte, error) { return b.Ring.open(b.Purpose, token) }
