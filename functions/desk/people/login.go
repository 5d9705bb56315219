package people

func (d *Door) loginRoutes() []route {
	return nil
}
