/** What passkeys are bound to. `id`: a host name; `origin`: of the console's pages. */
export interface RelyingParty {
  id: string;
  origin: string;
}

/**
 * The gateway as passkeys know it: where the console is opened on this very machine that address, else `PUBLIC_URL`. Null: neither, since
 * the host of a request alone proves nothing.
 */
export function relyingParty(requestUrl: string, publicUrl: string | null): RelyingParty | null {
  const asked = new URL(requestUrl);
  const url = asked.hostname === "localhost" ? asked : publicUrl === null ? null : new URL(publicUrl);
  return url && { id: url.hostname, origin: url.origin };
}

/** Where people open the console. */
export const consoleOrigin = (requestUrl: string, publicUrl: string | null): string =>
  new URL(publicUrl ?? requestUrl).origin;

/** What a sign-in link leads to; the page uses the code up, opening it does not. */
export const signInUrl = (origin: string, code: string): string => `${origin}/console/sign-in?code=${code}`;
