export interface DiffLine {
  /** What is compared. */
  text: string;
  /** What is shown in its place. */
  shown: string;
}

const context = 3;

/** The difference between two texts as `diff -u` writes it; empty where there is none. A file that is not there has no name. */
export function unifiedDiff(file: string, before: readonly DiffLine[] | undefined, after: readonly DiffLine[]): string {
  const edits = compare(before ?? [], after);
  if (!edits.some(({ sign }) => sign !== " ")) return "";
  const hunks: string[] = [];
  for (let at = 0; at < edits.length;) {
    const first = edits.findIndex(({ sign }, index) => index >= at && sign !== " ");
    if (first === -1) break;
    let end = first + 1;
    for (let quiet = 0; end < edits.length && quiet <= 2 * context; end += 1) {
      quiet = edits[end]?.sign === " " ? quiet + 1 : 0;
    }
    while (edits[end - 1]?.sign === " ") end -= 1;
    const from = Math.max(at, first - context);
    const to = Math.min(edits.length, end + context);
    hunks.push(hunk(edits, from, to));
    at = to;
  }
  return [`--- ${before === undefined ? "/dev/null" : file}`, `+++ ${file}`, ...hunks].join("\n");
}

interface Edit {
  sign: " " | "-" | "+";
  shown: string;
}

function hunk(edits: readonly Edit[], from: number, to: number): string {
  const part = edits.slice(from, to);
  const [oldStart, newStart] = (["+", "-"] as const).map(
    (absent) => edits.slice(0, from).filter(({ sign }) => sign !== absent).length,
  ) as [number, number];
  const [oldCount, newCount] = (["+", "-"] as const).map(
    (absent) => part.filter(({ sign }) => sign !== absent).length,
  ) as [number, number];
  const range = (start: number, count: number) => `${count === 0 ? start : start + 1},${count}`;
  const head = `@@ -${range(oldStart, oldCount)} +${range(newStart, newCount)} @@`;
  return [head, ...part.map(({ sign, shown }) => `${sign}${shown}`)].join("\n");
}

/** By the longest common row of lines between equal beginnings and equal ends. */
function compare(before: readonly DiffLine[], after: readonly DiffLine[]): Edit[] {
  const same = (a: number, b: number) => before[a]?.text === after[b]?.text;
  let start = 0;
  while (start < before.length && start < after.length && same(start, start)) start += 1;
  let tail = 0;
  while (
    tail < before.length - start &&
    tail < after.length - start &&
    same(before.length - 1 - tail, after.length - 1 - tail)
  ) {
    tail += 1;
  }
  const rows = before.length - start - tail;
  const columns = after.length - start - tail;
  const width = columns + 1;
  const longest = new Uint32Array((rows + 1) * width);
  const at = (row: number, column: number) => longest[row * width + column] ?? 0;
  for (let row = rows - 1; row >= 0; row -= 1) {
    for (let column = columns - 1; column >= 0; column -= 1) {
      longest[row * width + column] = same(start + row, start + column)
        ? at(row + 1, column + 1) + 1
        : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const edits: Edit[] = before.slice(0, start).map(({ shown }) => ({ sign: " ", shown }));
  for (let row = 0, column = 0; row < rows || column < columns;) {
    if (row < rows && column < columns && same(start + row, start + column)) {
      edits.push({ sign: " ", shown: after[start + column]?.shown ?? "" });
      row += 1;
      column += 1;
    } else if (row < rows && (column === columns || at(row + 1, column) >= at(row, column + 1))) {
      edits.push({ sign: "-", shown: before[start + row]?.shown ?? "" });
      row += 1;
    } else {
      edits.push({ sign: "+", shown: after[start + column]?.shown ?? "" });
      column += 1;
    }
  }
  return [...edits, ...after.slice(after.length - tail).map(({ shown }): Edit => ({ sign: " ", shown }))];
}
