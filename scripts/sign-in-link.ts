import { randomBytes } from "node:crypto";
import { LINK_MS } from "../src/people/link-rules.ts";
import { signInUrl } from "../src/people/relying-party.ts";
import { hashSecret, mintSecret } from "../src/people/session-token.ts";

/** A link into the console for whoever has the machine, or the Cloudflare account. */
export interface ConsoleLink {
  /** The link; not stored. */
  urlAt: (origin: string) => string;
  /** Writes it into D1 CONTROL, and ends the one that the same command made before. */
  statements: string[];
}

/** Who runs the gateway and can sign in; the earliest. */
const OPERATOR = "(SELECT id FROM people WHERE operator = 1 AND disabled_at IS NULL ORDER BY created_at, id LIMIT 1)";

export const COUNT_OPERATORS = "SELECT count(*) AS n FROM people WHERE operator = 1 AND disabled_at IS NULL";

/**
 * Lets the first operator in, who is made by it if there is none. Works once, for 24 hours. Nothing in the statements is given
 * from outside: they are of our own hex, base64url and numbers.
 */
export function consoleLink(madeBy: "start" | "deploy", now: number): ConsoleLink {
  const code = mintSecret(randomBytes(32));
  const id = randomBytes(8).toString("hex");
  const values = `'${hashSecret(code, "link")}', '${id}', iif(operator IS NULL, 'first_operator', 'sign_in'), operator`;
  return {
    urlAt: (origin) => signInUrl(origin, code),
    statements: [
      `UPDATE sign_in_links SET revoked_at = ${now} WHERE made_by = '${madeBy}' AND used_at IS NULL AND revoked_at IS NULL`,
      `INSERT INTO sign_in_links (hash, id, kind, person, proves_email, made_by, created_at, expires_at) ` +
        `SELECT ${values}, 0, '${madeBy}', ${now}, ${now + LINK_MS.first_operator} FROM (SELECT ${OPERATOR} AS operator)`,
    ],
  };
}
