/** One machine as ssh reaches it, with the trust that belongs to its stack. */
export interface SshTarget {
  /** An IP address or a host name. */
  address: string;
  /** 22 where absent. */
  port?: number;
  user: string;
  /** The name under which `knownHosts` holds the machine's key, whatever its address is. */
  alias: string;
  /** The stack's own known_hosts file. */
  knownHosts: string;
  /** A private key, or the public one where only the agent holds the private one. Absent: whatever ssh finds. */
  identityFile?: string;
}
