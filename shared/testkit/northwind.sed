# Makes another organisation's desk.yaml of desk.yaml beside it: `make test-desk` runs the tests with it.
s/^  name: Biosero$/  name: Northwind Labs/
s/^  legal_name: .*/  legal_name: Northwind Labs GmbH/
s/^  address: .*/  address: Spreeufer 12, 10178 Berlin/
s/^  contact: .*/  contact: datenschutz@northwind.example/
s/^  phone: .*/  phone: +49 30 5550123/
s#^  website: .*#  website: https://www.northwind.example#
s#^  privacy_policy: .*#  privacy_policy: https://www.northwind.example/datenschutz#
s#^  time_zone: .*#  time_zone: Europe/Berlin#
s#^  city: .*#  city: Hamburg#
s/^  responsible: .*/  responsible: Dr. Petra Nordwind/
s/^  data_protection_officer: .*/  data_protection_officer: ""/
s/^  review_days: .*/  review_days: 14/
s/- id: newsletter/- id: letters/
s/- id: promotions/- id: offers/
s/lists: {newsletter:/lists: {letters:/
s/, es: "[^"]*"//
s/, es: [^,}]*//
s/class: unverified-request, after: [^,]*/class: unverified-request, after: 45 days/
s/class: closed-request, after: [^,]*/class: closed-request, after: 30 months/
s/class: opt-out-evidence, after: [^,]*/class: opt-out-evidence, after: 48 months/
s/remind_days: .*/remind_days: [5, 2, 0]/
s/^  resends: .*/  resends: 2/
s/soft_bounce_window_days: .*/soft_bounce_window_days: 10/
s/^  auditor: auditor/  revision: auditor/
