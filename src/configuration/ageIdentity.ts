import { join, resolve } from "node:path";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Ports } from "../ports/Ports.ts";

/** Where the user's age identity is: the same places as SOPS has, and one of our own before them. `what` needs it. */
export async function ageIdentity(what: string, { files, machine }: Pick<Ports, "files" | "machine">): Promise<string> {
  const { environment, home } = machine;
  const given = ["LANDFALL_AGE_IDENTITY", "SOPS_AGE_KEY_FILE"].find((name) => (environment[name] ?? "") !== "");
  const configuration = environment["XDG_CONFIG_HOME"];
  const usual = join(
    configuration === undefined || configuration === "" ? join(home, ".config") : configuration,
    "sops/age/keys.txt",
  );
  const path = given === undefined ? usual : resolve(environment[given] ?? "");
  if (await files.exists(path)) return path;
  throw new AppError(
    "secrets.identity",
    `${what} is encrypted with age, and there is no identity: ${given === undefined ? path : `${given} names ${path}, which`} does not exist`,
    { hint: "let LANDFALL_AGE_IDENTITY name the file of your age identity", exit: exitCodes.usage },
  );
}
