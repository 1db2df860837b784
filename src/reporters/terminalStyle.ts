import type { Fact } from "./View.ts";

export interface TerminalStyle {
  /** In front of a fact. */
  mark(tone: Fact["tone"]): string;
  /** One for each frame of an animation. */
  spinner: readonly string[];
  dim(text: string): string;
  /** For the word that begins an error or a warning. */
  paint(tone: Fact["tone"], text: string): string;
}

const colors: Record<Fact["tone"], string> = { info: "", good: "32", bad: "31", warning: "33", dim: "2" };

/** Colours and signs that the terminal can show: NO_COLOR and locales without UTF-8 are respected. */
export function terminalStyle(environment: Readonly<Record<string, string | undefined>>): TerminalStyle {
  const color = (environment["NO_COLOR"] ?? "") === "";
  const locale = environment["LC_ALL"] || environment["LC_CTYPE"] || environment["LANG"] || "";
  const signs = /utf-?8/i.test(locale)
    ? { info: "·", good: "✓", bad: "✗", warning: "!", dim: " " }
    : { info: "-", good: "+", bad: "x", warning: "!", dim: " " };
  const paint = (tone: Fact["tone"], text: string): string =>
    color && colors[tone] !== "" ? `\u001b[${colors[tone]}m${text}\u001b[0m` : text;
  return {
    mark: (tone) => paint(tone, signs[tone]),
    spinner: signs.good === "✓" ? [..."⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"] : [..."|/-\\"],
    dim: (text) => paint("dim", text),
    paint,
  };
}
