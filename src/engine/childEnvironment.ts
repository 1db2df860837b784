import type { Secret } from "../configuration/Secret.ts";
import { passes } from "./passes.ts";

/** What a child may see of this process's environment; `*` at the end stands for anything. */
const alwaysPassed = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "LANG",
  "LC_*",
  "TZ",
  "TERM",
  "TMPDIR",
  "XDG_CACHE_HOME",
  "XDG_CONFIG_HOME",
  "XDG_RUNTIME_DIR",
  "SSH_AUTH_SOCK",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "all_proxy",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "ALL_PROXY",
  "TF_TOKEN_*",
  // How much memory the engine and its plugins may take, and how many processors (Go's package runtime).
  "GOGC",
  "GOMEMLIMIT",
  "GOMAXPROCS",
];

/**
 * An environment built from scratch: the short list above, what `passThrough` names, and `own` on top.
 * So nothing that lies about in the user's shell steers the child.
 */
export function childEnvironment(
  inherited: Readonly<Record<string, string | undefined>>,
  own: Readonly<Record<string, string | Secret>> = {},
  passThrough: readonly string[] = [],
): Record<string, string> {
  const patterns = [...alwaysPassed, ...passThrough];
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(inherited)) {
    if (value !== undefined && passes(name, patterns)) environment[name] = value;
  }
  for (const [name, value] of Object.entries(own)) {
    environment[name] = typeof value === "string" ? value : value.reveal();
  }
  return environment;
}

/**
 * What is secret among the variables that a child takes over from the user, to judge by their names: credentials that
 * no file of the configuration mentions, and passwords for proxies.
 */
export function inheritedSecrets(environment: Readonly<Record<string, string>>, own: object): string[] {
  return Object.entries(environment).flatMap(([name, value]) => {
    if (name in own) return [];
    if (/_proxy$/i.test(name)) return [decodeURIComponent(URL.parse(value)?.password ?? "")];
    const secret = /^TF_TOKEN_|PASSWORD|PASSPHRASE|TOKEN|SECRET|CREDENTIALS|KEYFILE_JSON|_KEY(_PEM)?$/.test(name);
    return secret && !/_(FILE|PATH|URI|URL|ID|USER|USERNAME)$/.test(name) ? [value] : [];
  });
}
