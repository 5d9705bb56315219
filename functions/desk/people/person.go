package people

func (d *Door) personRoutes() []route {
	return nil
}
