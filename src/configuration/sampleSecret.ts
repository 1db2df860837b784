/** Words that samples, tutorials and people in a hurry make passwords from. */
const words = [
  ...["password", "passwort", "passwd", "pass", "pwd", "passphrase", "secret", "token", "access", "key", "api", "auth"],
  ...[
    "changeme",
    "change",
    "me",
    "please",
    "replace",
    "this",
    "my",
    "your",
    "the",
    "new",
    "old",
    "some",
    "super",
    "very",
  ],
  ...["top", "strong", "secure", "random", "long", "value", "string", "here", "default", "sample", "example", "demo"],
  ...["dummy", "fake", "temp", "test", "testing", "tester", "dev", "develop", "development", "staging", "prod"],
  ...["production", "local", "admin", "administrator", "root", "toor", "user", "guest", "owner", "master", "system"],
  ...["server", "db", "database", "mysql", "mariadb", "sql", "grafana", "torrust", "tracker", "torrent", "landfall"],
  ...["prometheus", "docker", "linux", "ubuntu", "debian", "welcome", "hello", "world", "letmein", "login", "open"],
  ...[
    "sesame",
    "qwerty",
    "qwertyuiop",
    "qwertz",
    "asdf",
    "asdfgh",
    "asdfghjkl",
    "zxcvbn",
    "zxcvbnm",
    "yxcvbn",
    "qazwsx",
  ],
  ...["abc", "abcd", "abcdef", "foo", "bar", "baz", "iloveyou", "love", "monkey", "dragon", "football", "baseball"],
  ...["sunshine", "princess", "shadow", "hunter", "trustno", "correct", "horse", "battery", "staple", "god", "sex"],
] as const;

const rows = [
  "01234567890123456789",
  "abcdefghijklmnopqrstuvwxyz",
  "qwertyuiopasdfghjklzxcvbnm",
  "qwertzuiopasdfghjklyxcvbnm",
];

const disguises: Readonly<Record<string, string>> = {
  "@": "a",
  "4": "a",
  "3": "e",
  "1": "i",
  "!": "i",
  "0": "o",
  $: "s",
  "5": "s",
};

/** Why a secret is one that anybody would try first; undefined where it is none. The answer never quotes it. */
export function sampleSecret(text: string): string | undefined {
  const lower = text.toLowerCase();
  if (new Set(text).size < 6) return "is made of very few different characters";
  if (rows.some((row) => row.repeat(4).includes(lower) || [...row].toReversed().join("").repeat(4).includes(lower)))
    return "is a row of keys or numbers";
  const core = lower.replace(/[^a-z]+$/, "");
  const plain = [...core].map((character) => disguises[character] ?? character).join("");
  const isSample = [core, plain].some((word) => isMadeOfWords(word.replace(/[^a-z]/g, "")));
  return isSample ? "is a well-known sample" : undefined;
}

/** Whether letters can be cut into such words and nothing else: `dbusersecretpassword`. */
function isMadeOfWords(letters: string): boolean {
  const longest = 200;
  if (letters === "" || letters.length > longest) return false;
  const reached = new Set([0]);
  for (let at = 0; at < letters.length; at += 1) {
    if (!reached.has(at)) continue;
    for (const word of words) if (letters.startsWith(word, at)) reached.add(at + word.length);
  }
  return reached.has(letters.length);
}
