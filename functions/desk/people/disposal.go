package people

func (d *Door) disposalRoutes() []route {
	return nil
}
