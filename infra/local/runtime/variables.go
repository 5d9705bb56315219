package runtime

import (
	"cmp"
	"maps"
	"os"
	"slices"
	"strconv"

	"privacydesk/shared/testkit/template"
)

// variables is the whole environment of the function's process: what Lambda
// sets, what the template sets, what the stack adds. Nothing of this shell's
// environment comes along but PATH, or a variable missing in the template
// would be noticed only after deployment.
func (f *function) variables(api, folder string, renewed map[string]string) []string {
	all := map[string]string{
		"PATH":                            os.Getenv("PATH"),
		"LANG":                            "en_US.UTF-8",
		"TZ":                              ":UTC",
		"_HANDLER":                        cmp.Or(f.Handler, "bootstrap"),
		"LAMBDA_TASK_ROOT":                folder,
		"LAMBDA_RUNTIME_DIR":              "/var/runtime",
		"AWS_REGION":                      template.Region,
		"AWS_DEFAULT_REGION":              template.Region,
		"AWS_ACCESS_KEY_ID":               f.LogicalID, // tells whose call it is (infra/local/iam)
		"AWS_SECRET_ACCESS_KEY":           "local",
		"AWS_SESSION_TOKEN":               "local",
		"AWS_EC2_METADATA_DISABLED":       "true",
		"AWS_LAMBDA_RUNTIME_API":          api,
		"AWS_LAMBDA_FUNCTION_NAME":        f.Name,
		"AWS_LAMBDA_FUNCTION_VERSION":     "$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(f.MemoryMB),
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/" + f.Name,
		"AWS_LAMBDA_LOG_STREAM_NAME":      "local",
		"AWS_LAMBDA_LOG_FORMAT":           cmp.Or(f.LogFormat, "JSON"),
		"AWS_LAMBDA_LOG_LEVEL":            cmp.Or(f.LogLevel, "INFO"),
	}
	maps.Copy(all, f.Environment)
	maps.Copy(all, f.settings.Environment)
	maps.Copy(all, renewed)
	out := make([]string, 0, len(all))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		out = append(out, name+"="+all[name])
	}
	return out
}
