import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { generateSecret } from "./generateSecret.ts";
import { sampleSecret } from "./sampleSecret.ts";

test.each([
  ...["password", "Password1", "P@ssw0rd!", "changeme", "changeme2024", "secret_password", "MyAccessToken", "admin"],
  ...["torrust", "root", "test", "123456", "db_user_secret_password", "root_secret_password", "Torrust-Tracker-2024"],
  ...[
    "letmein",
    "qwertyuiop",
    "asdfghjkl",
    "abcdefghijklmnop",
    "zyxwvutsrqponmlk",
    "0987654321",
    "aaaaaaaaaaaaaaaaaaaa",
  ],
  ...[
    "passwordpasswordpassword",
    "correct horse battery staple",
    "hunter2",
    "default_grafana_admin_password",
    "secret",
  ],
])("%s is one", (text) => {
  const why = sampleSecret(text);
  expect(why).toBeDefined();
  expect(why).not.toContain(text);
});

test.each(["k7Qz-Vw3nRt8", "tangerine-walrus-orbit-mellow", "password-of-Ämilie-Brunnengräber", "Tr0ub4dor&3x!qLm"])(
  "%s is none",
  (text) => expect(sampleSecret(text)).toBeUndefined(),
);

test("what is generated is never taken for one", () => {
  for (let run = 0; run < 2000; run += 1) {
    const hexadecimal = randomBytes(20).toString("hex");
    for (const text of [generateSecret(), hexadecimal, randomBytes(12).toString("base64")]) {
      expect(sampleSecret(text), text).toBeUndefined();
    }
  }
});
