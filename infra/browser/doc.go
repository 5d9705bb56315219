// Package browser drives the pages in Chromium as people do, against the whole
// local stack: at phone and desktop width, with script off and on. Wherever it
// goes it looks for what nobody should see: violations that axe-core finds, in
// light and dark; pages wider than the window; errors in the console; anything
// loaded from elsewhere; cookies, but for those of the desk.
//
// The tests have the build tag browser (make test-browser). Screenshots of
// every page are left in .local/screenshots for people to look at.
package browser
