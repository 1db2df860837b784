/**
 * Why a name must not be set by configuration; undefined when it may be.
 * These variables do not describe a server: they change which code programs run or whom they trust,
 * so a file that somebody sends you could take over the computer that reads it.
 */
export function steeringName(name: string): string | undefined {
  return steering.find(({ names }) => names.test(name))?.reason;
}

const steering: { names: RegExp; reason: string }[] = [
  {
    names: /^(PATH|CDPATH|HOME|TMPDIR|TMP|TEMP|SHELL)$/,
    reason: "decides where programs look for other programs and files",
  },
  { names: /^(LD|DYLD|MALLOC)_/, reason: "steers the dynamic linker" },
  {
    names: /^(GLIBC_TUNABLES|GCONV_PATH|LOCPATH|NLSPATH|HOSTALIASES|RES_OPTIONS|RESOLV_HOST_CONF)$/,
    reason: "steers the C library",
  },
  {
    names: /^(BASH_ENV|BASH_FUNC_.*|BASHOPTS|SHELLOPTS|ENV|IFS|GLOBIGNORE|PROMPT_COMMAND|PS[0-4])$/,
    reason: "steers shells",
  },
  { names: /^(NODE|NPM)_|^npm_/, reason: "steers Node and npm" },
  {
    names: /^(PYTHON.*|PERL5?(LIB|OPT|DB)|PERLLIB|RUBY(LIB|OPT)|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS)$/,
    reason: "steers an interpreter",
  },
  {
    names: /^(GO(DEBUG|TRACEBACK|FLAGS|PROXY|PRIVATE|NOSUMDB|SUMDB|PATH|ROOT|TOOLCHAIN))$/,
    reason: "steers Go programs",
  },
  { names: /^(TF|TOFU|TERRAFORM)_/, reason: "steers the engine; the launcher sets it where it is needed" },
  { names: /^LANDFALL_/, reason: "steers Landfall itself; set it in the environment of the command" },
  { names: /^GIT_/, reason: "steers git" },
  {
    names: /^(SSH_AUTH_SOCK|SSH_AGENT_PID|SSH_ASKPASS.*|SUDO_.*|DBUS_.*|XDG_RUNTIME_DIR)$/,
    reason: "leads to the user's keys and privileges",
  },
  {
    names: /^(SSL_CERT_(FILE|DIR)|OPENSSL_.*|CURL_CA_BUNDLE|REQUESTS_CA_BUNDLE|SSLKEYLOGFILE)$/,
    reason: "decides whom programs trust",
  },
  { names: /^(ALL|FTP|HTTPS?|NO)_PROXY$/i, reason: "reroutes the network; set it in the environment of the command" },
  { names: /^(EDITOR|VISUAL|PAGER|BROWSER|LESSOPEN|LESSCLOSE|MAIL)$/, reason: "names a program that others start" },
];
