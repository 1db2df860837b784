import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
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

/**
 * Empty where a machine got its login from user data. Throws AppError `ssh.publicKey` for a host key that is none, and
 * `ssh.port` for a port that is none.
 */
export function loginOf(outputs: Readonly<Record<string, unknown>>): Login {
  const { user, port, host_key: hostKey } = (outputs["login"] ?? {}) as Readonly<Record<string, unknown>>;
  return {
    ...(typeof user === "string" ? { user } : {}),
    ...(port === undefined || port === null ? {} : { port: portOf(port) }),
    ...(typeof hostKey === "string" ? { hostKey: parsePublicKey(hostKey, { where: "login.host_key" }) } : {}),
  };
}

/** Digits in a text count as well: that is what a module makes of a setting. */
function portOf(given: unknown): number {
  const port = typeof given === "string" && /^\d{1,5}$/.test(given) ? Number(given) : given;
  if (typeof port === "number" && Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new AppError("ssh.port", `login.port is ${JSON.stringify(given)}, which is no port`, {
    hint: "mend the output login of the provider's module: port is a number of 1 to 65535, or left out for 22",
    exit: exitCodes.usage,
    problems: [{ message: "a number of 1 to 65535 is expected", where: "login.port" }],
  });
}
