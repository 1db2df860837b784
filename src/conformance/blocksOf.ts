/** A block of HCL. */
export interface Block {
  /** Where it begins in the text. */
  index: number;
  /** What stands in it itself: what is deeper, and text of heredocs, is blanked out; places stay. */
  own: string;
  /** Where `own` begins in the text. */
  ownIndex: number;
}

/** Outermost blocks of a text without comments, by their type: `module "x" {` for `module`. */
export function blocksOf(code: string, type: string): Block[] {
  const depths = depthsOf(code);
  const header = new RegExp(`(?<![\\w.-])${type}(\\s+("[^"\\n]*"|[\\w-]+))*\\s*\\{`, "g");
  const inside = atDepth(code, depths, 1);
  return [...atDepth(code, depths, 0).matchAll(header)].map((match) => {
    const ownIndex = match.index + match[0].length;
    const end = depths.findIndex((depth, index) => index >= ownIndex && depth === 0);
    const own = inside.slice(ownIndex, end < 0 ? undefined : end);
    return { index: match.index, own, ownIndex };
  });
}

function atDepth(code: string, depths: readonly number[], wanted: number): string {
  return [...code.matchAll(/[\s\S]/g)]
    .map(([character], index) => (character === "\n" || depths[index] === wanted ? character : " "))
    .join("");
}

/** Of each character, how many braces it stands in; those count to what is around them. -1 in heredocs. */
function depthsOf(code: string): number[] {
  const depths: number[] = [];
  /** What has been opened, innermost last: a brace, a text, or an expression in a text. */
  const open: ("brace" | "text" | "expression")[] = [];
  let depth = 0;
  const pattern = /<<-?([\w-]+)\n[\s\S]*?\n[ \t]*\1(?![\w-])|\\[\s\S]|([$%])\2\{|[$%]\{|[\s\S]/g;
  for (const [token] of code.matchAll(pattern)) {
    const inText = open.at(-1) === "text";
    if (token === "{" && !inText) {
      put(token, depth);
      open.push("brace");
      depth += 1;
    } else if (token === "}" && !inText) {
      if (open.pop() === "brace") depth -= 1;
      put(token, depth);
    } else {
      if (token === '"' && inText) open.pop();
      else if (token === '"') open.push("text");
      else if (inText && /^[$%]\{$/.test(token)) open.push("expression");
      put(token, token.startsWith("<<") && !inText ? -1 : depth);
    }
  }
  return depths;

  function put(token: string, value: number): void {
    for (let index = 0; index < token.length; index += 1) depths.push(value);
  }
}
