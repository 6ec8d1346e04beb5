import { boundedText, TooLong } from "./bounded-text.ts";
import type {
  BalanceAnswer,
  BillingAnswer,
  ListedPrediction,
  ModelsAnswer,
  PollAnswer,
  PostAnswer,
  QuoteAnswer,
} from "./answers.ts";
import { isRecord, parseEnvelope } from "./envelope.ts";
import { readBillAnswer } from "./read-bill-answer.ts";
import { readBill } from "./read-bill.ts";
import { readModelsAnswer, readQuoteAnswer } from "./read-models-answer.ts";
import { readPollAnswer } from "./read-poll-answer.ts";
import { readPostAnswer } from "./read-post-answer.ts";

/** A read of WaveSpeed that has not answered by then is given up and tried later. */
const READ_MS_MAX = 10_000;

/** The list of models: about 1,000 of them in 2 MB, unpaged. */
const MODELS_MS_MAX = 30_000;
const MODELS_BYTES_MAX = 8 * 1024 * 1024;

/** Predictions that one list walk reads at most, and the pages in which it asks for them. */
const LIST_ITEMS_MAX = 5_000;

/** A page holds inputs, and those hold images: if it gets too long, the walk begins anew with smaller ones. */
const LIST_PAGE_SIZES = [100, 10, 1];
const LIST_PAGES_MAX = 200;

const BILLING_PAGE_SIZE = 100;
const BILLING_PAGES_MAX = 10;

/** A walk that takes longer is given up, and begun anew later. */
const WALK_MS_MAX = 60_000;

/** Shorter texts are no keys, and could be part of anything. */
const KEY_CHARS_MIN = 8;

export interface UpstreamLink {
  baseUrl: string;
  apiKey: string;
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  headers: Record<string, string>;
}

/** Statuses that say that the account itself is out of order. */
const REFUSED = new Set([401, 402, 403]);

/** Runs one read when a connection is free for it. */
export type Within = <T>(read: () => Promise<T>) => Promise<T>;

/** Runs one call, whose signal aborts after so many milliseconds. */
export type TimeLimit = <T>(ms: number, call: (signal: AbortSignal) => Promise<T>) => Promise<T>;

const byItself: TimeLimit = (ms, call) => call(AbortSignal.timeout(ms));

interface Answer {
  status: number;
  headers: Headers;
  /** Its body, without our key. */
  text: string;
}

interface ListQuery {
  model: string;
  from: number;
  to: number;
  pageSize: number;
}

/** WaveSpeed's API, as far as a tracker needs it. No method throws. */
export class WaveSpeed {
  readonly #link: UpstreamLink;
  readonly #inTime: TimeLimit;

  constructor(link: UpstreamLink, inTime = byItself) {
    this.#link = link;
    this.#inTime = inTime;
  }

  /** One POST, never repeated here. `webhook`: an address of ours, or null. */
  async submit(model: string, body: Uint8Array, webhook: string | null, msMax: number): Promise<PostAnswer> {
    const query = webhook === null ? "" : `?webhook=${encodeURIComponent(webhook)}`;
    try {
      const { status, text, headers } = await this.#ask("POST", `/api/v3/${model}${query}`, body, msMax);
      return readPostAnswer(status, text, headers.get("retry-after"));
    } catch (error) {
      return { kind: "lost", reason: reasonOf(error) };
    }
  }

  async result(upstreamId: string): Promise<PollAnswer> {
    try {
      const path = `/api/v3/predictions/${encodeURIComponent(upstreamId)}/result`;
      const { status, text } = await this.#ask("GET", path, null, READ_MS_MAX);
      return readPollAnswer(status, text);
    } catch (error) {
      return { kind: "unreachable", reason: reasonOf(error) };
    }
  }

  /**
   * Every prediction of a model created in a span (epoch ms), or null if the walk was not complete. It
   * ends at a page without anything new, so neither a smaller page size nor a server that ignores
   * `page` is mistaken for the end or goes on for ever. Each page is read `within` a connection, so that a
   * long walk keeps nobody from reading between two pages.
   */
  async list(query: { model: string; from: number; to: number }, within: Within): Promise<ListedPrediction[] | null> {
    for (const pageSize of LIST_PAGE_SIZES) {
      const walked = await this.#walk({ ...query, pageSize }, within);
      if (walked !== "too_long") return walked;
    }
    return null;
  }

  async #walk(query: ListQuery, within: Within): Promise<ListedPrediction[] | null | "too_long"> {
    const { model, from, to, pageSize } = query;
    const found = new Map<string, ListedPrediction>();
    const until = Date.now() + WALK_MS_MAX;
    for (let page = 1; page <= Math.min(LIST_ITEMS_MAX / pageSize, LIST_PAGES_MAX); page++) {
      if (Date.now() > until) return null;
      const items = await within(() => this.#listPage(query, page));
      if (items === null || items === "too_long") return items;
      const fresh = items.filter((item) => !found.has(item.id));
      for (const item of fresh) found.set(item.id, item);
      if (fresh.length === 0) {
        return [...found.values()].filter(
          (task) => task.model === model && task.createdAt >= from && task.createdAt <= to,
        );
      }
    }
    return null;
  }

  /** What these tasks cost by WaveSpeed's bill, less what it gave back, in micro-dollars; null: it cannot be read. */
  async bill(upstreamIds: readonly string[], within: Within): Promise<Map<string, number> | null> {
    const records: Record<string, unknown>[] = [];
    for (let page = 1; page <= BILLING_PAGES_MAX; page++) {
      const body = { prediction_uuids: upstreamIds, page, page_size: BILLING_PAGE_SIZE };
      const items = await within(() => this.#items("/api/v3/billings/search", body));
      if (items === null || items === "too_long") return null;
      records.push(...items);
      if (items.length < BILLING_PAGE_SIZE) return readBill(records);
    }
    return null;
  }

  async billing(upstreamId: string): Promise<BillingAnswer> {
    const body = { prediction_uuids: [upstreamId], page: 1, page_size: BILLING_PAGE_SIZE };
    const items = await this.#items("/api/v3/billings/search", body);
    return readBillAnswer(items === "too_long" ? null : items, upstreamId);
  }

  /** What is left of the account's money, or that WaveSpeed refuses the account, or why that cannot be read. */
  async balance(): Promise<BalanceAnswer> {
    try {
      const { status, text } = await this.#ask("GET", "/api/v3/balance", null, READ_MS_MAX);
      const envelope = parseEnvelope(text);
      const balance = isRecord(envelope?.data) ? envelope.data["balance"] : undefined;
      if (status === 200 && typeof balance === "number") return { kind: "balance", usd: balance };
      const reason = `its balance answers HTTP ${status}`;
      return { kind: REFUSED.has(status) ? "refused" : "unreadable", reason };
    } catch (error) {
      return { kind: "unreadable", reason: `its balance does not answer: ${reasonOf(error)}` };
    }
  }

  /** The list of everything that WaveSpeed offers, as it came: nothing of it is believed yet. */
  async models(): Promise<ModelsAnswer> {
    try {
      const { status, text } = await this.#ask("GET", "/api/v3/models", null, MODELS_MS_MAX, MODELS_BYTES_MAX);
      return readModelsAnswer(status, text);
    } catch (error) {
      return { kind: "unreadable", reason: reasonOf(error) };
    }
  }

  /** What WaveSpeed would charge for a job of these inputs; it makes no task. */
  async quote(model: string, inputs: Record<string, unknown>): Promise<QuoteAnswer> {
    try {
      const body = JSON.stringify({ model_id: model, inputs });
      const { status, text } = await this.#ask("POST", "/api/v3/model/price", body, READ_MS_MAX);
      return readQuoteAnswer(status, text);
    } catch (error) {
      return { kind: "unreadable", reason: reasonOf(error) };
    }
  }

  /** The secret that WaveSpeed signs webhooks with, or null if it cannot be read now. */
  async webhookSecret(): Promise<string | null> {
    try {
      const { status, text } = await this.#ask("GET", "/api/v3/webhook/secret", null, READ_MS_MAX);
      const envelope = parseEnvelope(text);
      const secret = isRecord(envelope?.data) ? envelope.data["secret"] : undefined;
      return status === 200 && typeof secret === "string" && secret !== "" ? secret : null;
    } catch {
      return null;
    }
  }

  async #listPage(query: ListQuery, page: number): Promise<ListedPrediction[] | null | "too_long"> {
    const items = await this.#items("/api/v3/predictions", {
      page,
      page_size: query.pageSize,
      model: query.model,
      created_after: new Date(query.from).toISOString(),
      created_before: new Date(query.to).toISOString(),
      include_inputs: true,
    });
    if (items === null || items === "too_long") return items;
    const tasks = items.map(readListed);
    // A task that cannot be read could be the one that is looked for.
    return tasks.every((task) => task !== null) ? tasks : null;
  }

  async #items(path: string, body: unknown): Promise<Record<string, unknown>[] | null | "too_long"> {
    try {
      const { status, text } = await this.#ask("POST", path, JSON.stringify(body), READ_MS_MAX);
      const envelope = parseEnvelope(text);
      const items = isRecord(envelope?.data) ? envelope.data["items"] : undefined;
      return status === 200 && Array.isArray(items) && items.every(isRecord) ? items : null;
    } catch (error) {
      return error instanceof TooLong ? "too_long" : null;
    }
  }

  #ask(method: string, path: string, body: BodyInit | null, msMax: number, bytesMax?: number): Promise<Answer> {
    const { baseUrl, apiKey, headers } = this.#link;
    return this.#inTime(msMax, async (signal) => {
      // No `Request` of our own: `fetch` makes one from it, and from another one it would once more.
      const response = await this.#link.fetch(baseUrl + path, {
        method,
        body,
        headers: { ...headers, authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
        // A redirect would turn the POST into a GET, or carry the key to another host.
        redirect: "manual",
        signal,
      });
      const text = await boundedText(response, bytesMax);
      return { status: response.status, headers: response.headers, text: withoutKey(text, apiKey) };
    });
  }
}

/** Some servers put our key into their messages, and messages are shown and logged. */
const withoutKey = (text: string, apiKey: string): string =>
  apiKey.length < KEY_CHARS_MIN ? text : text.replaceAll(apiKey, "[redacted]");

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 300);

function readListed(item: Record<string, unknown>): ListedPrediction | null {
  const { id, model, input } = item;
  const createdAt = Date.parse(String(item["created_at"] ?? ""));
  if (typeof id !== "string" || id === "" || typeof model !== "string" || Number.isNaN(createdAt)) return null;
  return { id, model, createdAt, input: isRecord(input) ? input : undefined };
}
