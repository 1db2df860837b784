import { expect, test } from "vitest";
import type { Impact } from "../events/Event.ts";
import { decideConfirmation, type ConfirmationRequest } from "./decideConfirmation.ts";

const stack = "production/acme";
const mild: Impact[] = ["create", "harmless", "restart", "lose-address"];
const final: Impact[] = ["replace-machine", "destroy-data", "destroy"];
const confirms = [undefined, "", stack, "production/other"];

type Kind = "go" | "ask" | "type-name" | "refused";

/** The table of the interface, row by row; without CONFIRM. */
const table: { protected: boolean; final: boolean; yes: boolean; terminal: boolean; kind: Kind }[] = [
  { protected: false, final: false, yes: false, terminal: true, kind: "ask" },
  { protected: false, final: false, yes: false, terminal: false, kind: "go" },
  { protected: false, final: false, yes: true, terminal: true, kind: "go" },
  { protected: false, final: false, yes: true, terminal: false, kind: "go" },
  { protected: false, final: true, yes: false, terminal: true, kind: "ask" },
  { protected: false, final: true, yes: false, terminal: false, kind: "refused" },
  { protected: false, final: true, yes: true, terminal: true, kind: "go" },
  { protected: false, final: true, yes: true, terminal: false, kind: "go" },
  { protected: true, final: false, yes: false, terminal: true, kind: "ask" },
  { protected: true, final: false, yes: false, terminal: false, kind: "refused" },
  { protected: true, final: false, yes: true, terminal: true, kind: "go" },
  { protected: true, final: false, yes: true, terminal: false, kind: "go" },
  { protected: true, final: true, yes: false, terminal: true, kind: "type-name" },
  { protected: true, final: true, yes: false, terminal: false, kind: "refused" },
  { protected: true, final: true, yes: true, terminal: true, kind: "type-name" },
  { protected: true, final: true, yes: true, terminal: false, kind: "refused" },
];

const requests: { request: ConfirmationRequest; kind: Kind }[] = table.flatMap((row) =>
  confirms.flatMap((confirm) =>
    [
      ...(row.final ? final : mild).map((impact) => ({ operation: "apply" as const, impact })),
      ...(row.final ? [...mild, ...final].map((impact) => ({ operation: "destroy" as const, impact })) : []),
    ].map(({ operation, impact }) => ({
      request: { operation, stack, impact, protected: row.protected, yes: row.yes, terminal: row.terminal, confirm },
      kind: kindWith(row, confirm),
    })),
  ),
);

function kindWith(row: (typeof table)[number], confirm: string | undefined): Kind {
  if (confirm === stack) return "go";
  return row.kind === "type-name" && confirm === "production/other" ? "refused" : row.kind;
}

test("the table is whole", () => {
  const rows = new Set(table.map(({ kind: _, ...row }) => JSON.stringify(row)));
  expect(rows.size).toBe(16);
});

test.each(requests)("$request -> $kind", ({ request, kind }) => {
  expect(decideConfirmation(request).kind).toBe(kind);
});

test("regression 17: no flag alone destroys what is protected", () => {
  for (const terminal of [true, false]) {
    for (const confirm of [undefined, "", "yes", "production", "development/acme", `${stack} `]) {
      const request = { operation: "destroy", stack, impact: "destroy", protected: true, yes: true } as const;
      expect(decideConfirmation({ ...request, confirm, terminal }).kind).not.toBe("go");
    }
  }
});

test.each([true, false])("nothing to do needs no word (protected: %s)", (isProtected) => {
  for (const operation of ["apply", "destroy"] as const) {
    const request = { operation, stack, impact: "none", yes: false, terminal: false, confirm: undefined } as const;
    expect(decideConfirmation({ ...request, protected: isProtected }).kind).toBe("go");
  }
});

test("a refusal ends with status 5 and says what would do", () => {
  const request = { operation: "destroy", stack, impact: "destroy", yes: true, terminal: false } as const;
  const decision = decideConfirmation({ ...request, protected: true, confirm: "development/acme" });
  expect(decision).toMatchObject({ kind: "refused", error: { exit: 5, code: "confirmation.needed" } });
  if (decision.kind !== "refused") throw new Error("not refused");
  expect(decision.error.message).toContain("CONFIRM names development/acme");
  expect(decision.error.hint).toContain("CONFIRM=production/acme");
});
