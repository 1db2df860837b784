import { expect, it } from "vitest";
import { renderTable } from "./renderTable.ts";

it("aligns columns and leaves no blanks at line ends", () => {
  const rows = [
    ["dev/acme", "running", ""],
    ["production/example", "absent", "two\nlines \u001b[31mred\u001b[0m \u202eback"],
  ];
  expect(renderTable(["STACK", "MACHINE", "NOTE"], rows)).toBe(
    `STACK               MACHINE  NOTE
dev/acme            running
production/example  absent   two lines red back`,
  );
});

it("is only its headers without rows", () => {
  expect(renderTable(["A", "B"], [])).toBe("A  B");
});
