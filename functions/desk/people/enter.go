package people

func (d *Door) enterRoutes() []route {
	return nil
}
