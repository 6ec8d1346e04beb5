const PREFIX = "/api/v3".length;

/**
 * The path that is routed: double slashes collapse (clients that join a base URL ending in a slash
 * send them), a percent-encoded slash counts as one (some clients encode the model id), and so does a prefix
 * that is there twice (a base URL that has `/api/v3` in it already, with a client that adds its own).
 */
export function requestPath(url: string): string {
  // A request's own URL is in its normal form already: cutting it costs less than another URL, on every request.
  const [path = "/"] = /(?<=^[a-z]+:\/\/[^/?#]*)\/[^?#]*/.exec(url) ?? [];
  const plain = path.replaceAll(/%2f/gi, "/").replaceAll(/\/{2,}/g, "/");
  return plain.startsWith("/api/v", PREFIX) && plain.startsWith("/api/v") ? plain.slice(PREFIX) : plain;
}
