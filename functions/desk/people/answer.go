package people

func (d *Door) answerRoutes() []route {
	return nil
}
