import { join, relative, resolve } from "node:path";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Ports } from "../ports/Ports.ts";
import type { Workspace } from "../Workspace.ts";
import type { EnvFileForm } from "./findEnvFile.ts";
import { oncePerProcess } from "./oncePerProcess.ts";
import { runForSecret } from "./runForSecret.ts";
import { howToGet } from "./secretPrograms.ts";

type DecryptionPorts = Pick<Ports, "files" | "processes" | "machine" | "terminal">;

/**
 * The bytes of an encrypted file, by the real programs; the plain text is in memory only, and once per process.
 * Throws `secrets.program` where the program is missing, `secrets.identity` where there is no key, `secrets.decryption`.
 */
export function decryptEnvFile(
  path: string,
  form: Exclude<EnvFileForm, "plain">,
  { root }: Pick<Workspace, "root">,
  ports: DecryptionPorts,
): Promise<Uint8Array> {
  const file = relative(root, path);
  return oncePerProcess(ports.machine, `decrypt ${path}`, async () => {
    const program = await ports.processes.which(form);
    if (program === undefined) {
      throw new AppError("secrets.program", `${file} is encrypted with ${form}, which is not on PATH`, {
        hint: howToGet(form),
        exit: exitCodes.prerequisites,
      });
    }
    const words =
      form === "age"
        ? ["--decrypt", "--identity", await identityFile(file, ports)]
        : ["--decrypt", "--input-type", "dotenv", "--output-type", "dotenv"];
    const run = await runForSecret({ program, arguments: [...words, path], directory: root }, ports);
    if ("output" in run) return encode(run.output);
    throw new AppError("secrets.decryption", `${file} cannot be decrypted: ${form} ${run.failure}`, {
      hint: form === "age" ? "is one of its recipients yours? (LANDFALL_AGE_IDENTITY)" : `try: sops --decrypt ${file}`,
      exit: exitCodes.failed,
    });
  });
}

/** What was not UTF-8 must not pass as if it were: it becomes a byte that no such text has. */
function encode(text: string): Uint8Array {
  const broken = Buffer.from([0xff]);
  const pieces = text.split("\uFFFD").flatMap((piece) => [broken, Buffer.from(piece)]);
  return Buffer.concat(pieces.slice(1));
}

/** Where the user's age identity is: the same places as SOPS has, and one of our own before them. */
async function identityFile(file: string, { files, machine }: DecryptionPorts): Promise<string> {
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
    `${file} is encrypted with age, and there is no identity: ${given === undefined ? path : `${given} names ${path}, which`} does not exist`,
    { hint: "let LANDFALL_AGE_IDENTITY name the file of your age identity", exit: exitCodes.usage },
  );
}
