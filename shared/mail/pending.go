package mail

import "privacydesk/shared/catalog"

func (VerifyRequest) letter(Organisation, *catalog.Texts) letter       { return letter{} }
func (RequestAcknowledged) letter(Organisation, *catalog.Texts) letter { return letter{} }
func (OptedOutConfirmed) letter(Organisation, *catalog.Texts) letter   { return letter{} }
func (RequestWaiting) letter(Organisation, *catalog.Texts) letter      { return letter{} }
func (RequestExtended) letter(Organisation, *catalog.Texts) letter     { return letter{} }
func (RequestDecision) letter(Organisation, *catalog.Texts) letter     { return letter{} }
func (RequestWithdrawn) letter(Organisation, *catalog.Texts) letter    { return letter{} }
func (RequestExpired) letter(Organisation, *catalog.Texts) letter      { return letter{} }
