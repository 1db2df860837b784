/** Whether a version fits a constraint such as `>= 1.2.0, < 2.0.0`. */
export function accepts(constraint: string, version: string): boolean {
  return constraint.split(",").every((part) => {
    const [, operator = "=", bound = ""] = /^\s*(>=|<=|~>|!=|=|>|<)?\s*v?(\S+)/.exec(part) ?? [];
    const order = compare(version, bound);
    if (operator === "~>") return order >= 0 && bound.split(".").slice(0, -1).every(isPartOf(version));
    return (
      { ">=": order >= 0, "<=": order <= 0, "!=": order !== 0, "=": order === 0, ">": order > 0, "<": order < 0 }[
        operator
      ] === true
    );
  });
}

/** Whether a version has this part in this place; of `~> 1` none has to be the same. */
function isPartOf(version: string): (part: string, index: number) => boolean {
  const parts = version.split(".");
  return (part, index) => parts[index] === part;
}

function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split("-")[0]?.split(".").map(Number) ?? []);
  for (let index = 0; index < 3; index += 1) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
