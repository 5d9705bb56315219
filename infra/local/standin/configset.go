package standin

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
)

// ConfigurationSet is what the stand-in knows of one.
type ConfigurationSet struct {
	Name              string
	SuppressedReasons []string `json:",omitzero"` // nil: as the account; empty: suppress nothing
	Scope             string   `json:",omitempty"`
	Destinations      []EventDestination
}

// EventDestination is where a set publishes its events.
type EventDestination struct {
	Name                   string
	Enabled                bool
	MatchingEventTypes     []string
	SnsDestination         *SnsDestination `json:",omitempty"`
	EventBridgeDestination json.RawMessage `json:",omitempty"` // kept and given back, not acted on
}

// SnsDestination names an SNS topic.
type SnsDestination struct{ TopicArn string }

// TopicARN is the SNS topic, or nothing.
func (d EventDestination) TopicARN() string {
	if d.SnsDestination == nil {
		return ""
	}
	return d.SnsDestination.TopicArn
}

type suppressionOptions struct {
	SuppressedReasons []string `json:",omitzero"`
	SuppressionScope  string   `json:",omitempty"`
}

type setBody struct {
	ConfigurationSetName string
	SuppressionOptions   *suppressionOptions `json:",omitempty"`
}

// setFor finds the set a mail names; a mail need not name one.
func (s *Server) setFor(name string) (ConfigurationSet, error) {
	set, ok := s.st.Sets[name]
	if name != "" && !ok {
		return set, notFound("Configuration set <%s> does not exist.", name)
	}
	return set, nil
}

func (s *Server) setInPath(c *call) (ConfigurationSet, error) {
	return s.setFor(c.PathValue("set"))
}

func (s *Server) createSet(c *call) (any, error) {
	var in setBody
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.ConfigurationSetName == "" || len(in.ConfigurationSetName) > 64 {
		return nil, badRequest("A configuration set needs a name of at most 64 characters.")
	}
	if _, ok := s.st.Sets[in.ConfigurationSetName]; ok {
		return nil, alreadyExists("Configuration set <%s> already exists.", in.ConfigurationSetName)
	}
	set := ConfigurationSet{Name: in.ConfigurationSetName}
	if in.SuppressionOptions != nil {
		if err := set.suppress(*in.SuppressionOptions); err != nil {
			return nil, err
		}
	}
	return nil, s.keepSet(set)
}

func (s *Server) keepSet(set ConfigurationSet) error {
	s.st.Sets[set.Name] = set
	s.changed()
	return nil
}

func (set *ConfigurationSet) suppress(o suppressionOptions) error {
	if err := checkReasons(o.SuppressedReasons); err != nil {
		return err
	}
	set.SuppressedReasons, set.Scope = o.SuppressedReasons, o.SuppressionScope
	return nil
}

func checkReasons(reasons []string) error {
	for _, r := range reasons {
		if err := oneOf("suppressedReasons", r, suppressionReasons...); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) getSet(c *call) (any, error) {
	set, err := s.setInPath(c)
	if err != nil {
		return nil, err
	}
	out := setBody{ConfigurationSetName: set.Name}
	if set.SuppressedReasons != nil || set.Scope != "" {
		out.SuppressionOptions = &suppressionOptions{set.SuppressedReasons, set.Scope}
	}
	return out, nil
}

func (s *Server) deleteSet(c *call) (any, error) {
	set, err := s.setInPath(c)
	if err != nil {
		return nil, err
	}
	delete(s.st.Sets, set.Name)
	s.changed()
	return nil, nil
}

// listSets answers on one page: an account has few.
func (s *Server) listSets(*call) (any, error) {
	return map[string][]string{"ConfigurationSets": slices.Sorted(maps.Keys(s.st.Sets))}, nil
}

func (s *Server) putSetSuppression(c *call) (any, error) {
	set, err := s.setInPath(c)
	if err != nil {
		return nil, err
	}
	in := suppressionOptions{}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if in.SuppressedReasons == nil {
		in.SuppressedReasons = []string{} // the call always sets the option
	}
	if err := set.suppress(in); err != nil {
		return nil, err
	}
	return nil, s.keepSet(set)
}

func (s *Server) createDestination(c *call) (any, error) {
	set, err := s.setInPath(c)
	if err != nil {
		return nil, err
	}
	var in struct {
		EventDestinationName string
		EventDestination     EventDestination
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	sameName := func(d EventDestination) bool { return d.Name == in.EventDestinationName }
	if slices.ContainsFunc(set.Destinations, sameName) {
		return nil, alreadyExists("An event destination with this name already exists.")
	}
	if len(set.Destinations) >= 10 {
		return nil, &apiError{http.StatusBadRequest, "LimitExceededException", "A configuration set has at most 10 event destinations."}
	}
	in.EventDestination.Name = in.EventDestinationName
	set.Destinations = append(slices.Clone(set.Destinations), in.EventDestination)
	return nil, s.keepSet(set)
}

func (s *Server) getDestinations(c *call) (any, error) {
	set, err := s.setInPath(c)
	if err != nil {
		return nil, err
	}
	return map[string][]EventDestination{"EventDestinations": append([]EventDestination{}, set.Destinations...)}, nil
}

// getAccount is GetAccount.
func (s *Server) getAccount(c *call) (any, error) {
	var lastDay int
	for _, m := range s.st.Mails {
		if !m.Inbound && c.now.Sub(m.SentAt).Hours() < 24 {
			lastDay++
		}
	}
	return map[string]any{
		"ProductionAccessEnabled": !s.cfg.Sandbox,
		"SendingEnabled":          true,
		"EnforcementStatus":       "HEALTHY",
		"SendQuota":               map[string]float64{"Max24HourSend": 50000, "MaxSendRate": 14, "SentLast24Hours": float64(lastDay)},
		"SuppressionAttributes":   map[string][]string{"SuppressedReasons": s.reasons(ConfigurationSet{})},
	}, nil
}

// putAccountSuppression is PutAccountSuppressionAttributes.
func (s *Server) putAccountSuppression(c *call) (any, error) {
	in := suppressionOptions{SuppressedReasons: []string{}}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if err := checkReasons(in.SuppressedReasons); err != nil {
		return nil, err
	}
	s.st.AccountReasons = in.SuppressedReasons
	s.changed()
	return nil, nil
}
