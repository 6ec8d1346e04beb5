import { sha256Hex } from "../keys/sha256-hex.ts";

/** The cookie of a session: `__Host-` binds it to this very host, https (or localhost) and the path /. */
export const SESSION_COOKIE = "__Host-wavegate";

const FORM = /^[A-Za-z0-9_-]{43}$/;

/** A session's secret: 32 random bytes in base64url. */
export const mintSecret = (random: Uint8Array): string => Buffer.from(random).toString("base64url");

export const isSecret = (text: string): boolean => FORM.test(text);

/** What is stored instead. The secret is 256 random bits, so that nobody can try them out. */
export const hashSecret = (secret: string, of: "session" | "link"): string => sha256Hex(`wavegate ${of}\n${secret}`);

/** What a page of this session sends with each change: no other site can know it, and it tells nothing of the cookie. */
export const csrfTokenOf = (secret: string): string => sha256Hex(`wavegate csrf\n${secret}`).slice(0, 43);
