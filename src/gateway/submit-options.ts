import { PRIORITIES, type Priority } from "../accounts/types.ts";
import type { FieldIssue, Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import type { Config } from "../config.ts";
import type { GatewaySecrets } from "../keys/gateway-secrets.ts";
import { readQuote, type QuoteClaims } from "../keys/quote-token.ts";
import { checkWebhookUrl } from "../webhooks/url-rule.ts";
import { readWebhookParam } from "../webhooks/webhook-param.ts";
import { invalid } from "./reply.ts";

const TAGS_MAX = 10;
const TAG = /^([A-Za-z0-9_.-]{1,64})=([A-Za-z0-9_.:/-]{1,128})$/;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

/** What a submit asks of the gateway itself; none of it is sent upstream. */
export interface SubmitOptions {
  syncMode: boolean;
  /** Reads of the result give the outputs themselves. */
  base64Output: boolean;
  tags: Record<string, string>;
  idempotencyKey: string | null;
  priority: Priority;
  /** Where to report the end of the job, as it will be called; null: nowhere. */
  webhook: string | null;
  /** A genuine quote of this gateway; whether it fits the job is the ledger's to say. */
  quote: QuoteClaims | null;
}

/** Takes the gateway's flags out of the body: what is left is the model's input. */
export function readSubmitOptions(
  request: Request,
  body: Record<string, unknown>,
  { secrets, webhookAllowLoopback }: Pick<Config, "secrets" | "webhookAllowLoopback">,
): Result<{ options: SubmitOptions; input: Record<string, unknown> }, Refusal> {
  const { enable_sync_mode: sync, enable_base64_output: base64, ...input } = body;
  const issues: FieldIssue[] = [...flagIssues("enable_sync_mode", sync), ...flagIssues("enable_base64_output", base64)];
  const webhook = readWebhook(searchOf(request.url), webhookAllowLoopback, issues);
  const tags = readTags(request.headers.get("x-wavegate-tags"), issues);
  const idempotencyKey = request.headers.get("idempotency-key");
  if (idempotencyKey !== null && !IDEMPOTENCY_KEY.test(idempotencyKey)) {
    issues.push({
      field: "Idempotency-Key",
      rule: "must be 1 to 255 visible ASCII characters",
      value: idempotencyKey.slice(0, 60),
    });
  }
  const priority = readPriority(request.headers.get("x-wavegate-priority"), issues);
  const quote = readQuoteHeader(request.headers.get("x-wavegate-quote"), secrets, issues);
  if (issues.length > 0) return err(invalid(issues));
  const flags = { syncMode: sync === true, base64Output: base64 === true };
  return ok({ options: { ...flags, tags, idempotencyKey, priority, webhook, quote }, input });
}

/** Most submits have none: then no `URL` is made. */
const searchOf = (url: string): string => (url.includes("?") ? new URL(url).search : "");

function readWebhook(search: string, allowLoopback: boolean, issues: FieldIssue[]): string | null {
  const given = readWebhookParam(search);
  const checked = given === null ? null : checkWebhookUrl(given, { allowLoopback });
  if (checked?.ok) return checked.value;
  if (checked) issues.push({ field: "webhook", rule: checked.error, value: (given ?? "").slice(0, 100) });
  return null;
}

const flagIssues = (field: string, value: unknown): FieldIssue[] =>
  value === undefined || value === null || typeof value === "boolean"
    ? []
    : [{ field, rule: "must be true or false", value: JSON.stringify(value).slice(0, 60) }];

function readQuoteHeader(text: string | null, secrets: GatewaySecrets, issues: FieldIssue[]): QuoteClaims | null {
  if (text === null) return null;
  const quote = readQuote(text, secrets);
  if (quote === null) {
    issues.push({ field: "x-wavegate-quote", rule: "must be a quote of this gateway", value: text.slice(0, 60) });
  }
  return quote;
}

function readPriority(text: string | null, issues: FieldIssue[]): Priority {
  if (text === null) return "normal";
  if (Object.hasOwn(PRIORITIES, text)) return text as Priority;
  issues.push({ field: "x-wavegate-priority", rule: "must be low, normal or high", value: text.slice(0, 60) });
  return "normal";
}

function readTags(header: string | null, issues: FieldIssue[]): Record<string, string> {
  const pairs = (header ?? "")
    .split(",")
    .map((pair) => pair.trim())
    .filter((pair) => pair !== "");
  if (pairs.length > TAGS_MAX) {
    issues.push({ field: "x-wavegate-tags", rule: `may hold ${TAGS_MAX} pairs at most`, value: String(pairs.length) });
    return {};
  }
  const tags = new Map<string, string>();
  for (const pair of pairs) {
    const match = TAG.exec(pair);
    if (match?.[1] && match[2] && !tags.has(match[1])) tags.set(match[1], match[2]);
    else
      issues.push({
        field: "x-wavegate-tags",
        rule: "must be name=value pairs, each name once",
        value: pair.slice(0, 60),
      });
  }
  return Object.fromEntries(tags);
}
