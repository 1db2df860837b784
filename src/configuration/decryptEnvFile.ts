import { relative } from "node:path";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Ports } from "../ports/Ports.ts";
import type { Workspace } from "../Workspace.ts";
import { ageIdentity } from "./ageIdentity.ts";
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
        ? ["--decrypt", "--identity", await ageIdentity(file, ports)]
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
