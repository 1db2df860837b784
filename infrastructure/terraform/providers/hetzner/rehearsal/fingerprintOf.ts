import type { RehearsalKit } from "landfall/rehearsal";

const form = /^(ssh-(?:ed25519|rsa)|ecdsa-sha2-nistp(?:256|384|521)|sk-\S+) ([A-Za-z0-9+/]+={0,3})(?: .*)?$/;

/** Undefined for what this API takes for no public key. */
export function fingerprintOf(publicKey: string, kit: RehearsalKit): string | undefined {
  return form.test(publicKey.trim()) ? kit.keyFingerprint(publicKey) : undefined;
}
