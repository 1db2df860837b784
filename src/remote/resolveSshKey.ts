import { join } from "node:path";
import { AppError } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";
import type { Ports } from "../ports/Ports.ts";
import { findSshPublicKey } from "./findSshPublicKey.ts";
import { generateKeyPair } from "./generateKeyPair.ts";
import { identityFileOf } from "./identityFileOf.ts";
import { isSameKey, parsePublicKey } from "./parsePublicKey.ts";
import { publicKeyOfFile } from "./publicKeyOfFile.ts";

export interface SshKeyRequest {
  /** The text of SSH_PUBLIC_KEY, where it is set. */
  configured?: string;
  /** SSH_PRIVATE_KEY_FILE, where it is set; `~/` is the home directory. */
  privateKeyFile?: string;
  /** The public key that the machine was made with. It wins: another one would need another machine. */
  recorded?: string;
  home: string;
  /** Where a key is made when the user has none. */
  generatedKeyPath: string;
  /** A protected environment never gets a key that only this directory holds. */
  protected: boolean;
}

export interface SshKey {
  publicKey: string;
  /** What ssh is told to use; absent where no file of this computer holds the key. */
  identityFile?: string;
  origin: "recorded" | "SSH_PUBLIC_KEY" | "SSH_PRIVATE_KEY_FILE" | "home" | "generated";
}

/** The key that opens a stack's machine. Throws AppError `ssh.publicKey`, `ssh.privateKeyFile`, `ssh.noKey` or `ssh.keygen`. */
export async function resolveSshKey(
  request: SshKeyRequest,
  ports: Pick<Ports, "files" | "processes" | "emit">,
): Promise<SshKey> {
  const { configured, recorded, home } = request;
  const file = expandHome(request.privateKeyFile, home);
  const given = configured === undefined ? undefined : parsePublicKey(configured, { key: "SSH_PUBLIC_KEY" });
  const ofFile = file === undefined ? undefined : await publicKeyOfFile(file, given ?? recorded, ports);

  const chosen = await choose({ ...request, given, ofFile }, ports);
  const fileFits = ofFile !== undefined && isSameKey(ofFile, chosen.publicKey);
  if ([given, ofFile].some((key) => key !== undefined && !isSameKey(key, chosen.publicKey))) tellThatKeyIsKept(ports);
  const identityFile =
    file !== undefined && fileFits
      ? file
      : await identityFileOf(chosen.publicKey, [request.generatedKeyPath], home, ports.files);
  return identityFile === undefined ? chosen : { ...chosen, identityFile };
}

interface Candidates extends SshKeyRequest {
  /** Of SSH_PUBLIC_KEY. */
  given: string | undefined;
  /** Of SSH_PRIVATE_KEY_FILE. */
  ofFile: string | undefined;
}

async function choose(
  request: Candidates,
  ports: Pick<Ports, "files" | "processes">,
): Promise<Pick<SshKey, "publicKey" | "origin">> {
  const { recorded, given, ofFile } = request;
  if (recorded !== undefined) {
    return { publicKey: parsePublicKey(recorded, { where: "the stack's recorded key" }), origin: "recorded" };
  }
  if (given !== undefined) return { publicKey: given, origin: "SSH_PUBLIC_KEY" };
  if (ofFile !== undefined) return { publicKey: ofFile, origin: "SSH_PRIVATE_KEY_FILE" };
  const found = await findSshPublicKey(request.home, ports.files);
  if (found !== undefined) return { publicKey: found.publicKey, origin: "home" };
  if (request.protected) throw noKey(request.home);
  const { publicKey } = await generateKeyPair(request.generatedKeyPath, "landfall", ports);
  return { publicKey, origin: "generated" };
}

function expandHome(path: string | undefined, home: string): string | undefined {
  return path?.startsWith("~/") === true ? join(home, path.slice(2)) : path;
}

function tellThatKeyIsKept({ emit }: Pick<Ports, "emit">): void {
  emit({
    type: "notice",
    level: "warning",
    code: "ssh.keyKept",
    message: "the configured SSH key is not the one that this machine was made with; the machine keeps its own",
    hint: "add the new key to ~/.ssh/authorized_keys on the machine, or destroy and apply the stack",
  });
}

function noKey(home: string): AppError {
  return new AppError(
    "ssh.noKey",
    `no SSH key was found in ${join(home, ".ssh")}, and a protected environment does not get a generated one`,
    {
      hint: "make one with `ssh-keygen -t ed25519`, or put the text of your public key into SSH_PUBLIC_KEY of the environment file",
      exit: exitCodes.usage,
      problems: [{ key: "SSH_PUBLIC_KEY", message: "is not set, and no key of the search list exists" }],
    },
  );
}
