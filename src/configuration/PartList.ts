import type { Part, ReferencePart, SecretPart } from "./EnvFile.ts";

/** Collects the parts of a value; neighbouring texts become one. */
export class PartList {
  readonly #parts: Part[] = [];
  #text = "";

  text(text: string): void {
    this.#text += text;
  }

  add(part: ReferencePart | SecretPart): void {
    this.#flush();
    this.#parts.push(part);
  }

  finish(): readonly Part[] {
    this.#flush();
    return this.#parts;
  }

  #flush(): void {
    if (this.#text !== "") this.#parts.push({ kind: "text", text: this.#text });
    this.#text = "";
  }
}
