/**
 * The `webhook` of a submit's query, or null. The older JavaScript client of WaveSpeed sends the URL as it is,
 * `?webhook=https://x/y?a=b&c=d`. Where it begins so and has a question mark of its own, which no encoding would have
 * left, all that follows is its own query; nothing that was encoded looks like that.
 */
export function readWebhookParam(search: string): string | null {
  if (search === "") return null;
  const unencoded = /(?:^\?|&)webhook=(https?:\/\/[^?&]*\?.*)$/i.exec(search)?.[1];
  const value = unencoded ?? new URLSearchParams(search).get("webhook");
  return value === null || value === "" ? null : value;
}
