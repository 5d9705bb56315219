package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// keyAge is how long a new key must have been in the secret before links are sealed with it: longer than any copy of
// a function lives.
const keyAge = 24 * time.Hour

// lastKey is the highest key id that fits into a link (see shared/adapter/link).
const lastKey = 255

// step takes the key ring as it is stored, last changed `age` ago, and returns it after the one step that is due,
// with a sentence on what was done.
func step(stored string, age time.Duration, newKey func() string) (ring, done string, err error) {
	var keys map[string]string
	if json.Unmarshal([]byte(stored), &keys) != nil {
		return "", "", errors.New("the secret is not a JSON object of texts; is it the link keys' secret?")
	}
	newest, err := newestKey(keys)
	if err != nil {
		return "", "", err
	}
	switch current := keys["current"]; {
	case keys[current] == "":
		return "", "", errors.New(`"current" names no key of the ring; correct the secret by hand`)
	case current == keyName(newest) && newest == lastKey:
		return "", "", fmt.Errorf("the ring is full: k%d is the last key that a link can name", lastKey)
	case current == keyName(newest):
		added := keyName(newest + 1)
		keys[added] = newKey()
		done = fmt.Sprintf("%s is added. Run this again after %g hours to seal links with it; %s still seals them.", added, keyAge.Hours(), current)
	case age < keyAge:
		return "", "", fmt.Errorf("%s was added %s ago; functions that started before do not know it. Run this again in %s",
			keyName(newest), age.Round(time.Minute), (keyAge - age).Round(time.Minute))
	default:
		keys["current"] = keyName(newest)
		done = fmt.Sprintf("%s is current; functions seal with it as they start anew. %s stays, for links work for years.", keyName(newest), current)
	}
	text, err := json.Marshal(keys)
	return string(text), done, err
}

// newestKey gives the highest number among k1, k2, ...
func newestKey(keys map[string]string) (int, error) {
	newest := 0
	for name := range keys {
		digits, isKey := strings.CutPrefix(name, "k")
		n, err := strconv.Atoi(digits)
		if name == "current" {
			continue
		}
		if !isKey || err != nil || keyName(n) != name {
			return 0, fmt.Errorf("%q is no name of a key; correct the secret by hand", name)
		}
		newest = max(newest, n)
	}
	return newest, nil
}

func keyName(n int) string { return "k" + strconv.Itoa(n) }
