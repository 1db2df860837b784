import { expect, test } from "vitest";
import { withoutCredentials } from "./withoutCredentials.ts";

test.each([
  ["postgres://ana:s3cr3t@db.example:5433/state?sslmode=require", "postgres://db.example:5433/state"],
  ["postgres://ana:s3cr3t@/state?host=/run/pg&port=5433&password=s3cr3t", "postgres:///state?host=/run/pg&port=5433"],
  ["postgres://ana:s3/cr3t@db.example/state", "postgres://db.example/state"],
  ["postgres://ana:s3#cr3t?x@db.example/state#part", "postgres://db.example/state"],
  ["postgres://db.example/state", "postgres://db.example/state"],
  [
    "port=5433 host=db.example user=ana password='s3cr3t host=x' dbname=state",
    "dbname=state host=db.example port=5433",
  ],
  ["host = 'db.example' password = s3cr3t", "host='db.example'"],
  ["s3cr3t", undefined],
  ["password=s3cr3t", undefined],
])("%s leads to %s", (text, place) => {
  expect(withoutCredentials(text)).toBe(place);
});
