export type Labels = Record<string, string>;

const name = /^[a-zA-Z0-9]([a-zA-Z0-9._-]{0,61}[a-zA-Z0-9])?$/;
const value = /^([a-zA-Z0-9]([a-zA-Z0-9._-]{0,61}[a-zA-Z0-9])?)?$/;

/** Whether these are labels that the API accepts: keys may carry a domain as prefix. */
export function areLabels(labels: unknown): labels is Labels {
  if (typeof labels !== "object" || labels === null || Array.isArray(labels)) return false;
  return Object.entries(labels).every(([key, text]) => {
    const parts = key.split("/");
    const [last = ""] = parts.slice(-1);
    return parts.length <= 2 && name.test(last) && typeof text === "string" && value.test(text);
  });
}

/** A label selector as a test; undefined where it cannot be understood. */
export function parseSelector(text: string): ((labels: Labels) => boolean) | undefined {
  const tests: ((labels: Labels) => boolean)[] = [];
  // Commas within brackets belong to a set.
  for (const part of text.split(/,(?![^(]*\))/).map((piece) => piece.trim())) {
    if (part === "") continue;
    const set = /^([^\s!=]+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(part);
    const pair = /^([^\s!=]+)\s*(==|=|!=)\s*(\S*)$/.exec(part);
    const only = /^(!?)([^\s!=]+)$/.exec(part);
    if (set !== null) {
      const [, key = "", operator, list = ""] = set;
      const values = list.split(",").map((item) => item.trim());
      tests.push((labels) => values.includes(labels[key] ?? "\0") === (operator === "in"));
    } else if (pair !== null) {
      const [, key = "", operator, wanted = ""] = pair;
      tests.push((labels) => (labels[key] === wanted) === (operator !== "!="));
    } else if (only !== null) {
      const [, not, key = ""] = only;
      tests.push((labels) => key in labels === (not === ""));
    } else return undefined;
  }
  return (labels) => tests.every((test) => test(labels));
}
