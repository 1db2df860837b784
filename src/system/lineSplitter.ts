/** Cuts a stream of text into lines; `end` gives what is left without a line end. */
export function lineSplitter(onLine: (line: string) => void): { push(text: string): void; end(): void } {
  let rest = "";
  return {
    push(text) {
      rest += text;
      let from = 0;
      for (let at = rest.indexOf("\n"); at !== -1; at = rest.indexOf("\n", from)) {
        onLine(rest.slice(from, rest[at - 1] === "\r" && at > from ? at - 1 : at));
        from = at + 1;
      }
      rest = rest.slice(from);
    },
    end() {
      if (rest !== "") onLine(rest);
      rest = "";
    },
  };
}
