import type { FolderFile } from "../FolderFile.ts";

const block = 512;

/**
 * The files of a tar archive, in memory: nothing is written, and nothing but files and directories is taken.
 * Throws an Error that says what is wrong with the archive.
 */
export function readTar(archive: Uint8Array): FolderFile[] {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  const files: FolderFile[] = [];
  let longPath: string | undefined;
  for (let at = 0; at + block <= bytes.length;) {
    const header = bytes.subarray(at, at + block);
    if (header.every((byte) => byte === 0)) break;
    const size = octal(header, 124, 12);
    const content = bytes.subarray(at + block, at + block + size);
    if (content.length < size) throw new Error("it ends in the middle of a file");
    const path = longPath ?? pathOf(header);
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === "x") longPath = paxPath(content) ?? longPath;
    else if (type === "L") longPath = text(content);
    else if (type !== "g") {
      longPath = undefined;
      if (type === "0" || type === "\0") {
        files.push({ path, bytes: content, executable: (octal(header, 100, 8) & 0o100) !== 0 });
      } else if (type !== "5") {
        throw new Error(`${JSON.stringify(path)} is a link or a device`);
      }
    }
    at += block + Math.ceil(size / block) * block;
  }
  return files;
}

function pathOf(header: Buffer): string {
  const name = text(header.subarray(0, 100));
  const prefix = text(header.subarray(257, 262)) === "ustar" ? text(header.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Records are `LENGTH KEY=VALUE\n`, where the length counts all of that in bytes. */
function paxPath(content: Buffer): string | undefined {
  for (let at = 0; at < content.length;) {
    const length = Number(content.toString("latin1", at, content.indexOf(" ", at)));
    if (!Number.isInteger(length) || length < 5) throw new Error("it has an extended header that cannot be read");
    const record = content.toString("utf8", at, at + length - 1);
    const [key, value] = [record.slice(record.indexOf(" ") + 1, record.indexOf("=")), record.indexOf("=")];
    if (key === "path") return record.slice(value + 1);
    if (key === "size") throw new Error("it has a file that is far too large");
    at += length;
  }
  return undefined;
}

function text(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end === -1 ? field.length : end);
}

function octal(header: Buffer, at: number, length: number): number {
  const digits = text(header.subarray(at, at + length)).trim();
  if (!/^[0-7]*$/.test(digits)) throw new Error("it has a number that cannot be read");
  return digits === "" ? 0 : Number.parseInt(digits, 8);
}
