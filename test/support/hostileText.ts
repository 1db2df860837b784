import * as fc from "fast-check";

/** What is special to the parser, a shell, JSON, HCL's templates or Unicode. */
const pieces = [
  ...["'", '"', "\\", "$", "${", "}", "%{", "$${", "%%{", ":-", ":?", "`", "$(", "#", "=", "<<EOT", "//", "/*"],
  ...[
    "\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "\u000b",
    "\u0085",
    "\u00a0",
    "\u2028",
    "\u2029",
    "\u0007",
    "\u001b[31m",
    "\u007f",
  ],
  ...[
    "A",
    "B=",
    "export ",
    "null",
    "true",
    "0",
    "é",
    "e\u0301",
    "\u212b",
    "\ufb01",
    "\uac01",
    "\u1100\u1161\u11a8",
    "\u0301",
    "\u200d",
  ],
  // These join with what follows them, a quote too.
  ...["\u0600", "\u06dd", "\u{110bd}", "\u{1193f}"],
  ...["📦", "👩‍👩‍👧", "\u{10ffff}", "\uffff", "\ufffd", "\ufeff", "\u202e", "\0"],
];

/** Text in which all that is frequent. It may hold NUL and halves of surrogate pairs. */
export const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 3 })), { maxLength: 40 })
  .map((parts) => parts.join(""));

/** What a variable can hold: no NUL, and what UTF-8 can write. Now and then with blanks at the ends, or very long. */
export const hostileValue = fc
  .oneof(
    { weight: 60, arbitrary: hostileText },
    { weight: 5, arbitrary: hostileText.map((text) => `  ${text}\t `) },
    { weight: 1, arbitrary: hostileText.map((text) => text.repeat(60)) },
  )
  .map((text) => text.replaceAll("\0", "").toWellFormed());
