/** What one call of ssh at LogLevel DEBUG1 has said on standard error so far. */
export interface SshLog {
  /** The host key is the stack's own. */
  hostKeyAccepted: boolean;
  hostKeyRefused: boolean;
  /** `SHA256:...` of what the machine showed. */
  fingerprint?: string;
  /** The machine would let our public key in. */
  keyAccepted: boolean;
  denied: boolean;
  /** The last line that is no debugging: why ssh ended, if it did. */
  last: string;
}

export const emptySshLog: SshLog = {
  hostKeyAccepted: false,
  hostKeyRefused: false,
  keyAccepted: false,
  denied: false,
  last: "",
};

/** Adds one line. */
export function readSshLog(log: SshLog, line: string): SshLog {
  const text = line.trim();
  if (text.startsWith("debug1: ")) {
    if (/^debug1: Host '.*' is known and matches/.test(text)) return { ...log, hostKeyAccepted: true };
    if (text.startsWith("debug1: Server accepts key:")) return { ...log, keyAccepted: true };
    const fingerprint = /^debug1: Server host key: \S+ (SHA256:\S+)/.exec(text)?.[1];
    return fingerprint === undefined ? log : { ...log, fingerprint };
  }
  if (text === "" || /^(OpenSSH_|Authenticated to |Transferred: |Bytes per second)/.test(text)) return log;
  return {
    ...log,
    hostKeyRefused: log.hostKeyRefused || /Host key verification failed|no matching host key type found/i.test(text),
    denied: log.denied || /Permission denied \(|Too many authentication failures/.test(text),
    last: text,
  };
}
