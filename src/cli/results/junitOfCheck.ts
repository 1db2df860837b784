import type { CheckReport } from "../../operations/check/checkProvider.ts";

/** The report as JUnit XML: one test case for each rule; a warning is a case that passed, with its text as output. */
export function junitOfCheck({ provider, level, counts, verdicts }: CheckReport): string {
  const cases = verdicts.map(({ id, verdict, rule, reason, findings }) => {
    const details = findings
      .map(({ message, where, hint }) =>
        `${where ?? ""} ${message}${hint === undefined ? "" : `; fix: ${hint}`}`.trim(),
      )
      .join("\n");
    const body =
      verdict === "failed"
        ? `<failure message="${escaped(rule)}">${escaped(details)}</failure>`
        : verdict === "untested"
          ? `<skipped message="${escaped(reason ?? "")}"/>`
          : verdict === "warning"
            ? `<system-out>${escaped(details)}</system-out>`
            : "";
    return `    <testcase classname="${escaped(provider)}" name="${escaped(id)}">${body}</testcase>`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites>`,
    `  <testsuite name="${escaped(`${provider} ${level}`)}" tests="${verdicts.length}" failures="${counts.failed}" skipped="${counts.untested}">`,
    ...cases,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function escaped(text: string): string {
  return text
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
