/**
 * The part of a connection's address that says where it leads: a URL without user and password, or `host=` and the
 * like of a list of words. Undefined where the text is no address.
 */
export function withoutCredentials(text: string): string | undefined {
  // Up to the last @: a password that was not percent-encoded may contain anything.
  const url = /^([a-z][a-z0-9+.-]*:\/\/)(?:[^]*@)?([^?#]*)(\?[^#]*)?/i.exec(text);
  if (url !== null) return `${url[1]}${url[2]}${places(url[3] ?? "")}`;
  const words = [...text.matchAll(/(\w+)\s*=\s*('(?:[^'\\]|\\.)*'|\S+)/g)];
  const kept = words.filter(([, key]) => placeWords.includes(key ?? "")).map(([, key, value]) => `${key}=${value}`);
  return kept.length === 0 ? undefined : kept.toSorted().join(" ");
}

const placeWords = ["host", "hostaddr", "port", "dbname"];

function places(query: string): string {
  const kept = [...new URLSearchParams(query)]
    .filter(([key]) => placeWords.includes(key))
    .map((pair) => pair.join("="));
  return kept.length === 0 ? "" : `?${kept.toSorted().join("&")}`;
}
