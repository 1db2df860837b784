export interface KeyFile {
  kind: "private" | "public" | "other";
  /** The public half of a private key, as in authorized_keys; only OpenSSH's own format shows it. */
  publicKey?: string;
}

/** What can be told of the text of a key file without any passphrase. */
export function readKeyFile(text: string): KeyFile {
  const block = /-----BEGIN ([A-Z0-9 ]*)PRIVATE KEY-----\r?\n([\s\S]*?)-----END \1PRIVATE KEY-----/.exec(text);
  if (block === null) return { kind: /^(ssh-|ecdsa-|sk-)\S+ AAAA/.test(text.trimStart()) ? "public" : "other" };
  const publicKey = block[1] === "OPENSSH " ? publicHalf(Buffer.from(block[2] ?? "", "base64")) : undefined;
  return publicKey === undefined ? { kind: "private" } : { kind: "private", publicKey };
}

/** The header holds magic, cipher, key derivation and its options, the number of keys, and the public key, all in clear. */
function publicHalf(bytes: Buffer): string | undefined {
  const magic = "openssh-key-v1\0";
  if (bytes.subarray(0, magic.length).toString("latin1") !== magic) return undefined;
  let at = magic.length;
  const field = (): Buffer | undefined => {
    if (at + 4 > bytes.length) return undefined;
    const length = bytes.readUInt32BE(at);
    const content = bytes.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    return content.length === length ? content : undefined;
  };
  if (field() === undefined || field() === undefined || field() === undefined) return undefined;
  at += 4;
  const body = field();
  if (body === undefined || body.length < 4) return undefined;
  return `${body.subarray(4, 4 + body.readUInt32BE(0)).toString("latin1")} ${body.toString("base64")}`;
}
