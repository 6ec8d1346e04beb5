/**
 * The path that is routed: double slashes collapse (clients that join a base URL ending in a slash
 * send them), and a percent-encoded slash counts as one (some clients encode the model id).
 */
export function requestPath(url: string): string {
  // A request's own URL is in its normal form already: cutting it costs less than another URL, on every request.
  const [path = "/"] = /(?<=^[a-z]+:\/\/[^/?#]*)\/[^?#]*/.exec(url) ?? [];
  return path.replaceAll(/%2f/gi, "/").replaceAll(/\/{2,}/g, "/");
}
