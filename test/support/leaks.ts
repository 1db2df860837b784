import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync, inflateRawSync } from "node:zlib";
import { findSecret } from "./canary.ts";

/** Where a secret may stand: in what a user wrote, or a test in their place; and only its owner may read that. */
const declared = /\.(env|secret)(\.[0-9a-f]{12}\.tmp)?$/;
/** The engine alone, without what Landfall does for it: its state and plan hold what the module puts there. */
const ofTheBench = /\/landfall-engine-\w+\/(terraform\.tfstate(\.backup)?|plan2?)$/;

export function isDeclared(path: string): boolean {
  return declared.test(basename(path)) || ofTheBench.test(path);
}

/** One sentence for each file below a path that shows a secret, or that holds one and can be read by others. */
export function leaks(path: string, options: { secrets?: readonly string[]; since?: number } = {}): string[] {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return [];
  if (status.isDirectory()) {
    return list(path).flatMap((name) => leaks(join(path, name), options));
  }
  if (!status.isFile() || status.ctimeMs < (options.since ?? 0)) return [];
  const found = read(path)
    .map((text) => findSecret(text, options.secrets))
    .find((text) => text !== undefined);
  if (found === undefined) return [];
  if (!isDeclared(path)) return [`${path} holds a secret: ${found}`];
  const mode = status.mode & 0o777;
  return (mode & 0o077) === 0 ? [] : [`${path} holds a secret, and others can read it: mode ${mode.toString(8)}`];
}

/** Other processes work in some of these directories. */
function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** What a file holds; packed files unpacked as well. */
function read(path: string): Buffer[] {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch {
    return [];
  }
  try {
    if (content.readUInt16BE(0) === 0x1f8b) return [content, gunzipSync(content)];
    if (content.readUInt32BE(0) === 0x504b0304) return [content, ...unzip(content)];
  } catch {
    // Too short, or not what it looks like.
  }
  return [content];
}

/** The engine's plans are ZIP files. */
function unzip(content: Buffer): Buffer[] {
  const entries: Buffer[] = [];
  const directoryEntry = Buffer.from("PK\x01\x02");
  for (let at = content.indexOf(directoryEntry); at >= 0; at = content.indexOf(directoryEntry, at + 46)) {
    const [method, size, header] = [
      content.readUInt16LE(at + 10),
      content.readUInt32LE(at + 20),
      content.readUInt32LE(at + 42),
    ];
    const from = header + 30 + content.readUInt16LE(header + 26) + content.readUInt16LE(header + 28);
    const packed = content.subarray(from, from + size);
    entries.push(method === 8 ? inflateRawSync(packed) : packed);
  }
  return entries;
}
