/**
 * The path that is routed: double slashes collapse (clients that join a base URL ending in a slash
 * send them), and a percent-encoded slash counts as one (some clients encode the model id).
 */
export function requestPath(url: string): string {
  const path = new URL(url).pathname;
  return path.replaceAll(/%2f/gi, "/").replaceAll(/\/{2,}/g, "/");
}
