const forms: readonly [what: string, pattern: RegExp][] = [
  ["a private key", /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ["an access key of a cloud", /\b(?:AKIA|ASIA)(?!\w*(?:EXAMPLE|REHEARSAL))[A-Z0-9]{16}\b/],
  ["a token of GitHub", /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,})\b/],
  ["a token of GitLab", /\bglpat-[\w-]{20,}\b/],
  ["a token of a cloud", /\bdo[opr]_v1_[a-f0-9]{64}\b/],
  ["a token of Slack", /\bxox[abprs]-[\w-]{10,}/],
  ["a key of Google", /\bAIza[\w-]{35}\b/],
  ["a key of Stripe", /\b[rs]k_live_\w{20,}\b/],
  ["a password in a URL", /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@$"<>{}]+:[^\s/:@$"<>{}]{6,}@/],
];

const shortest = 32;
/** Bits for each character: hexadecimal checksums have at most 4, random Base64 more. */
const mostEntropy = 4.4;

/** What looks like a secret in a text, with its line; what was found is not quoted. */
export function secretsIn(text: string): { what: string; line: number }[] {
  return text.split("\n").flatMap((content, index) => {
    const form = forms.find(([, pattern]) => pattern.test(content));
    if (form !== undefined) return [{ what: form[0], line: index + 1 }];
    return hasRandomText(content) ? [{ what: "a random secret", line: index + 1 }] : [];
  });
}

/** Long text with capitals, small letters and digits, as generators make it; public keys are none. */
function hasRandomText(line: string): boolean {
  if (/\bssh-(?:ed25519|rsa)\b|ecdsa-sha2|sha\d{3}[-:]|h1:|zh:/.test(line)) return false;
  return [...line.matchAll(/[A-Za-z0-9+/_=-]{20,}/g)].some(
    ([word]) =>
      word.length >= shortest &&
      /[a-z]/.test(word) &&
      /[A-Z]/.test(word) &&
      (word.match(/\d/g)?.length ?? 0) >= 3 &&
      !/^(?:[A-Za-z]+[/_-])+/.test(word) &&
      entropy(word) > mostEntropy,
  );
}

function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}
