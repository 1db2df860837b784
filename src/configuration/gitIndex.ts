/**
 * Whether git's index lists a path, by its bytes. Undefined where the index has a form in which that cannot be seen:
 * version 4, or split.
 * @param path relative to the top of the work tree
 */
export function indexHolds(index: Buffer, path: string): boolean | undefined {
  const version = index.length >= 12 && index.toString("latin1", 0, 4) === "DIRC" ? index.readUInt32BE(4) : 0;
  if (version !== 2 && version !== 3) return undefined;
  const name = Buffer.from(`${path}\0`);
  const length = Math.min(name.length - 1, 0xfff);
  for (let at = index.indexOf(name); at !== -1; at = index.indexOf(name, at + 1)) {
    // In front of a name stand its flags, in version 3 perhaps two further bytes.
    const begins = [2, 4].some((back) => at >= 12 + back && (index.readUInt16BE(at - back) & 0xfff) === length);
    if (begins) return true;
  }
  return index.includes("link", 12, "latin1") ? undefined : false;
}
