import { parsePublicKey } from "../remote/parsePublicKey.ts";

/** How a machine is reached that was not given its SSH server by us: the module's optional output `login`. */
export interface Login {
  /** Who logs in to prepare the host. */
  user?: string;
  /** Of the SSH server. */
  port?: number;
  /** The server's own key, as in its `.pub` file. */
  hostKey?: string;
}

/** Empty where a machine got its login from user data. Throws AppError `ssh.publicKey` for a host key that is none. */
export function loginOf(outputs: Readonly<Record<string, unknown>>): Login {
  const { user, port, host_key: hostKey } = (outputs["login"] ?? {}) as Readonly<Record<string, unknown>>;
  return {
    ...(typeof user === "string" ? { user } : {}),
    ...(typeof port === "number" ? { port } : {}),
    ...(typeof hostKey === "string" ? { hostKey: parsePublicKey(hostKey, { where: "login.host_key" }) } : {}),
  };
}
