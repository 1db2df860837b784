/**
 * A fingerprint in the form that the API uses, sixteen pairs of hexadecimal digits; undefined where this is no public
 * key. The web's cryptography has no MD5: the digits are of another digest, the same for the same key.
 */
export function fingerprintOf(publicKey: string): string | undefined {
  const match = /^(?:ssh-(?:ed25519|rsa)|ecdsa-sha2-nistp(?:256|384|521)|sk-\S+) ([A-Za-z0-9+/]+={0,3})(?: .*)?$/.exec(
    publicKey.trim(),
  );
  const text = match?.[1];
  if (text === undefined || text.length < 60) return undefined;
  const parts = [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b].map((seed) => {
    let value = seed;
    for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
    return value.toString(16).padStart(8, "0");
  });
  return (parts.join("").match(/../g) ?? []).join(":");
}
