import type { Parsed } from "./Parsed.ts";

const types = [
  "ssh-ed25519",
  "ssh-rsa",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "sk-ssh-ed25519@openssh.com",
  "sk-ecdsa-sha2-nistp256@openssh.com",
];

/** One line of OpenSSH's public key format. Messages never quote the text: it may be the private half by mistake. */
export function parsePublicKey(original: string): Parsed<string> {
  const text = original.trim();
  const hint = "paste the one line of a .pub file, such as ssh-ed25519 AAAA... name";
  if (/PRIVATE KEY/.test(text)) {
    return {
      message: "is a private key",
      hint: `take it out of this file, and ${hint}; consider the private key exposed`,
    };
  }
  if (text.includes("\n")) return { message: "has several lines", hint };
  if (/^[~./]|\.pub$/.test(text)) return { message: "looks like the name of a file", hint };
  const [type = "", body = ""] = text.split(/[ \t]+/);
  if (type === "ssh-dss")
    return { message: "is a DSA key, which servers no longer accept", hint: "make a new one: ssh-keygen -t ed25519" };
  if (!types.includes(type)) return { message: "does not begin with a type of key such as ssh-ed25519", hint };
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(body) || !isKeyOf(type, Buffer.from(body, "base64"))) {
    return { message: `is no complete ${type} key: its second word is cut or damaged`, hint };
  }
  return { value: text };
}

/** A key is a row of length-prefixed fields, of which the first repeats the type. */
function isKeyOf(type: string, bytes: Buffer): boolean {
  const fields: Buffer[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const length = bytes.readUInt32BE(at);
    fields.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return (
    at === bytes.length &&
    fields.length >= 2 &&
    fields[0]?.toString("latin1") === type &&
    fields.every((field) => field.length > 0)
  );
}
