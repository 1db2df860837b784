import { AppError, type Problem } from "../errors.ts";
import { exitCodes } from "../exitCodes.ts";

const types =
  /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com)$/;

/**
 * One public key in the form of authorized_keys, trimmed. Throws AppError `ssh.publicKey`, which never repeats the text:
 * it may be a private key. `place` says where the text came from.
 */
export function parsePublicKey(text: string, place: Pick<Problem, "where" | "key">): string {
  const key = text.trim();
  const fault = faultOf(key);
  if (fault === undefined) return key;
  throw new AppError("ssh.publicKey", `${place.key ?? place.where ?? "the SSH key"} ${fault.message}`, {
    hint: fault.hint,
    exit: exitCodes.usage,
    problems: [{ ...place, ...fault }],
  });
}

/** True where two texts are the same key; comments do not matter. */
export function isSameKey(one: string, other: string): boolean {
  const material = (text: string): string => text.trim().split(/\s+/).slice(0, 2).join(" ");
  return material(one) === material(other);
}

function faultOf(key: string): { message: string; hint: string } | undefined {
  const hint = "give one line such as `ssh-ed25519 AAAA... name`, the content of a file that ends in .pub";
  if (/PRIVATE KEY/.test(key)) {
    return {
      message: "is a private key; only the public one may leave this computer",
      hint: "give the content of the file that ends in .pub; where the private key was shared or committed, make a new one",
    };
  }
  if (key === "") return { message: "is empty", hint };
  if (/^[~./]/.test(key) && !key.includes(" ")) {
    return { message: "is a path, not a key", hint: `${hint}; SSH_PRIVATE_KEY_FILE takes a path` };
  }
  if (/[\r\n]/.test(key)) return { message: "has more than one line", hint };
  const [type = "", material = ""] = key.split(/\s+/);
  if (!types.test(type)) return { message: "does not begin with a type of key that servers accept", hint };
  if (!namesItself(type, material)) return { message: "is damaged: what follows its type does not fit it", hint };
  return undefined;
}

/** The encoded part begins with the length and the text of the type. */
function namesItself(type: string, material: string): boolean {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(material)) return false;
  const bytes = Buffer.from(material, "base64");
  return bytes.length > type.length + 8 && bytes.subarray(4, 4 + type.length).toString("latin1") === type;
}
