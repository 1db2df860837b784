/** A time as answers write it. */
export function stamp(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "+00:00");
}

/** Changes whenever what it stands for does; clients send it back with a change. */
export function fingerprintOf(value: unknown): string {
  let hash = 0xcbf29ce484222325n;
  for (const character of JSON.stringify(value)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(character.codePointAt(0) ?? 0)) * 0x100000001b3n);
  }
  const bytes = Array.from({ length: 8 }, (_, index) => Number((hash >> BigInt(8 * index)) & 0xffn));
  return btoa(String.fromCharCode(...bytes));
}
