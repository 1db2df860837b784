import { inspect } from "node:util";

/** A value that no output shows: every conversion gives `***`, only `reveal()` gives the value. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "***";
  }

  toJSON(): string {
    return "***";
  }

  [inspect.custom](): string {
    return "***";
  }
}

/** A secret that is kept elsewhere and was not asked for: to use it is a bug. */
export class UnfetchedSecret extends Secret {
  constructor() {
    super("");
  }

  override reveal(): never {
    throw new Error("a secret is used that was not fetched: the operation does not say that it needs it");
  }
}
