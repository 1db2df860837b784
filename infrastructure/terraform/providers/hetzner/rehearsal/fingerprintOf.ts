import type { RehearsalKit } from "landfall/rehearsal";

const form = /^(ssh-(?:ed25519|rsa)|ecdsa-sha2-nistp(?:256|384|521)|sk-\S+) ([A-Za-z0-9+/]+={0,3})(?: .*)?$/;

/** The MD5 of the key, in sixteen pairs of hexadecimal digits; undefined where this is no public key. */
export function fingerprintOf(publicKey: string, kit: RehearsalKit): string | undefined {
  const [, type = "", encoded = ""] = form.exec(publicKey.trim()) ?? [];
  const blob = decoded(encoded);
  // The data begins with the length of the type and the type.
  const inside = new TextDecoder().decode(blob.subarray(4, 4 + type.length));
  if (type === "" || inside !== type) return undefined;
  return (kit.md5(blob).match(/../g) ?? []).join(":");
}

function decoded(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}
