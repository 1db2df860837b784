/** The engine that Landfall installs; `engine/go.mod` builds the same one. */
export const engineVersion = "1.12.6";

/** Older engines lack what is used here: module sources from variables, `show -module`, JSON everywhere. */
export const oldestEngine = "1.12.0";

/** Negative where `a` is older than `b`. What comes after the third number, such as `-rc1`, makes a version older. */
export function compareVersions(a: string, b: string): number {
  const [first, second] = [parts(a), parts(b)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (first.numbers[index] ?? 0) - (second.numbers[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return Number(second.early) - Number(first.early);
}

function parts(version: string): { numbers: number[]; early: boolean } {
  const [release = "", early] = version.replace(/^(v|go)/, "").split("-");
  return { numbers: release.split(".").map((number) => Number.parseInt(number, 10) || 0), early: early !== undefined };
}
