# From the XML reports of surefire and failsafe: what failed, and how many there were.
# Ends with 1 when one has failed.

function attribute(name) {
  if (!match($0, " " name "=\"[^\"]*\"")) return ""
  return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
}
function readable(text) {
  gsub(/(&#10;|[ \t])+/, " ", text); sub(/^ /, "", text);
  gsub(/&quot;/, "\"", text); gsub(/&apos;/, "'", text)
  gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&#0;/, "\\0", text)
  gsub(/&amp;/, "\\&", text)
  return substr(text, 1, 300)
}
/^<testsuite / || /^<\?xml.*<testsuite / { inside = 1 }
inside && /tests="[0-9]+"/ {
  tests += attribute("tests"); skipped += attribute("skipped"); inside = 0
}
/^  <testcase / { test = attribute("classname") "." attribute("name") }
/^    <(failure|error)[ >]/ {
  failed++
  lines = lines "  FAILED " readable(test) ": " readable(attribute("message")) "\n"
}
END {
  printf "%s  %d tests, %d failed, %d skipped\n", lines, tests, failed, skipped
  exit failed > 0
}
