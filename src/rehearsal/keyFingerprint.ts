import { createHash } from "node:crypto";

/** The MD5 of an SSH key in sixteen pairs of hexadecimal digits; undefined where the text is no public key. */
export function keyFingerprint(publicKey: string): string | undefined {
  const [type = "", encoded = ""] = publicKey.trim().split(/\s+/);
  const blob = Buffer.from(encoded, "base64");
  // The data begins with the length of the type and the type (RFC 4253, 6.6).
  const inside = blob.subarray(4, 4 + type.length).toString();
  if (type === "" || inside !== type) return undefined;
  return (createHash("md5").update(blob).digest("hex").match(/../g) ?? []).join(":");
}
