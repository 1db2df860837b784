import type { SshTarget } from "./SshTarget.ts";

export interface SshOptions {
  /** Never asks for anything: for calls that no person watches. */
  batch?: boolean;
  /** ssh's own level; ERROR unless said otherwise. */
  logLevel?: "ERROR" | "DEBUG1";
  connectTimeoutSeconds?: number;
  /** A terminal over there, for a program that wants one. */
  terminal?: boolean;
}

/**
 * Arguments of ssh for a stack's machine: only the stack's known_hosts counts, a key that is not there is refused, and
 * nothing of the user's own ssh configuration is read or changed.
 *
 * `command` behaves as the words after the destination of plain ssh do: ssh joins them with spaces and the remote shell
 * reads the line, so `-- ls '*.log'` expands the pattern over there and a word with spaces needs quotes of its own.
 */
export function sshArguments(target: SshTarget, command: readonly string[] = [], options: SshOptions = {}): string[] {
  const settings = {
    ...trust(target),
    ...identity(target),
    PreferredAuthentications: "publickey",
    UpdateHostKeys: "no",
    CheckHostIP: "no",
    BatchMode: options.batch === true ? "yes" : "no",
    ConnectTimeout: String(options.connectTimeoutSeconds ?? 15),
    ServerAliveInterval: "5",
    ServerAliveCountMax: "6",
    LogLevel: options.logLevel ?? "ERROR",
  };
  return [
    ...["-F", "/dev/null"],
    ...(options.terminal === true ? ["-t"] : []),
    ...Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]),
    ...["-p", String(target.port ?? 22), "-l", target.user],
    // Before the destination: after it, ssh would still take words of the command for options.
    ...["--", target.address, ...command],
  ];
}

/** The options that decide whether the other side is the right machine. */
export function trust({ alias, knownHosts }: SshTarget): Record<string, string> {
  return {
    HostKeyAlias: alias,
    UserKnownHostsFile: optionPath(knownHosts),
    GlobalKnownHostsFile: "/dev/null",
    StrictHostKeyChecking: "yes",
  };
}

/** The options that decide which keys are offered. */
export function identity({ identityFile }: SshTarget): Record<string, string> {
  // Without a file the agent's keys are the only hope, and IdentitiesOnly would hide them.
  return identityFile === undefined ? {} : { IdentityFile: optionPath(identityFile), IdentitiesOnly: "yes" };
}

/** ssh splits such values at blanks, reads quotes and backslashes, and expands `%`. */
function optionPath(path: string): string {
  const literal = path.replaceAll("%", "%%");
  return /[\s"'\\#]/.test(literal) ? `"${literal.replaceAll(/["\\]/g, "\\$&")}"` : literal;
}
