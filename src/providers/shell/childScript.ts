import { requiredFunctions } from "./planStyle.ts";

/** What a child may write to its standard output, in bytes; then writing fails. */
export const mostOutputBytes = 1024 * 1024;
/** What is read of its standard error; the rest is passed over. */
const mostLogBytes = 64 * 1024;

/**
 * Reads `provider.sh` and calls one of its functions. Arguments: folder, function, a directory for notes and, where
 * variables are to be written, the name that the function is given for them. That is a pipe, so that what is
 * secret in them is in no file, and it may only be written to; a function that puts a file in its place is understood as well.
 * Standard output is what was asked for, the variables or the text of `provider_get_info`, and everything else that is
 * printed goes to standard error. The notes tell how far it came: `missing`, `loaded`, `done`.
 */
export const childScript = `
umask 077
landfall_folder=$1 landfall_function=$2 landfall_notes=$3 landfall_vars=\${4:-}
exec {landfall_out}> >(exec head -c ${mostOutputBytes + 1}) 2> >(head -c ${mostLogBytes} >&2; exec cat >/dev/null) </dev/null
exec >&2
log_info() { printf '[INFO] %s\\n' "$*" >&2; }
log_success() { printf '[SUCCESS] %s\\n' "$*" >&2; }
log_warning() { printf '[WARNING] %s\\n' "$*" >&2; }
log_warn() { log_warning "$@"; }
log_error() { printf '[ERROR] %s\\n' "$*" >&2; }
log_debug() { printf '[DEBUG] %s\\n' "$*" >&2; }
log_section() { printf '[INFO] %s\\n' "$*" >&2; }
set --
source "$landfall_folder/provider.sh"
landfall_missing=()
for landfall_name in ${requiredFunctions.join(" ")}; do
  declare -F "$landfall_name" >/dev/null || landfall_missing+=("$landfall_name")
done
if (( \${#landfall_missing[@]} > 0 )); then
  printf '%s\\n' "\${landfall_missing[@]}" >"$landfall_notes/missing"
  exit 0
fi
: >"$landfall_notes/loaded"
if ! declare -F "$landfall_function" >/dev/null; then
  : >"$landfall_notes/done"
elif [[ -z $landfall_vars ]]; then
  if [[ $landfall_function == provider_get_info ]]; then exec >&"$landfall_out"; fi
  "$landfall_function"
else
  mkfifo -m 600 "$landfall_vars"
  cat "$landfall_vars" >&"$landfall_out" &
  landfall_reader=$!
  exec {landfall_pipe}>"$landfall_vars"
  chmod 200 "$landfall_vars"
  "$landfall_function" "$landfall_vars"
  exec {landfall_pipe}>&-
  wait "$landfall_reader"
  if [[ -f $landfall_vars ]]; then cat "$landfall_vars" >&"$landfall_out"; fi
fi
: >"$landfall_notes/done"
`;
