import { err, ok, type Result } from "../errors/result.ts";

export const WEBHOOK_URL_CHARS_MAX = 2_048;

/** Names that never belong to a public server: RFC 6761, RFC 8375, and what private networks call themselves. */
const PRIVATE_SUFFIXES = [
  "localhost",
  "local",
  "localdomain",
  "internal",
  "intranet",
  "lan",
  "home",
  "corp",
  "private",
  "arpa",
  "test",
  "invalid",
  "onion",
  "alt",
];

const LOOPBACK = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * Whether webhooks may be sent there: the URL as it will be called, or the rule that it breaks. The URL parser has
 * made one of all spellings of an address (decimal, hex, octal, full-width digits) before anything is compared.
 */
export function checkWebhookUrl(text: string, { allowLoopback }: { allowLoopback: boolean }): Result<string, string> {
  if (text.length > WEBHOOK_URL_CHARS_MAX) return err(`may have ${WEBHOOK_URL_CHARS_MAX} characters at most`);
  // The parser would drop some of these in silence, and take a backslash for a slash.
  if (/[^\x21-\x7e]|\\/.test(text)) return err("must be visible ASCII without spaces and backslashes");
  const url = /^[a-z]+:\/\/[^/]/i.test(text) ? URL.parse(text) : null;
  if (!url) return err("must be a whole URL");
  if (url.username !== "" || url.password !== "" || /^[a-z]+:\/\/[^/?#]*@/i.test(text)) {
    return err("must not carry a user name or password");
  }
  url.hash = "";
  const host = plainHost(url);
  if (LOOPBACK.test(host) && allowLoopback) {
    return /^https?:$/.test(url.protocol) ? ok(url.href) : err("must be an https or, on loopback, http URL");
  }
  if (url.protocol !== "https:") return err("must be an https URL");
  const rule = refusePrivateHost(url);
  if (rule !== null) return err(rule);
  return url.port === "" ? ok(url.href) : err("must be on port 443");
}

/** Where webhooks wait for each other. */
export const hostOf = (url: string): string => URL.parse(url)?.host ?? "";

const plainHost = (url: URL): string => url.hostname.toLowerCase().replace(/\.$/, "");

/** Which rule a URL's host breaks that somebody else named and we are to call; null: it may be a public server's. */
export function refusePrivateHost(url: URL): string | null {
  const host = plainHost(url);
  if (host.startsWith("[") || /^[\d.]+$/.test(host)) return "must name its host, not an IP address";
  const labels = host.split(".");
  const last = labels.at(-1) ?? "";
  if (labels.length < 2 || labels.includes("")) return "must have a full host name, e.g. hooks.example.com";
  return PRIVATE_SUFFIXES.includes(last) ? `must not have a host name that ends in .${last}` : null;
}
