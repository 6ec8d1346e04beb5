import { z } from "zod";

/** The account that is there without any configuration. */
export const DEFAULT_ACCOUNT = "live";

/** Names that mean something else. */
const RESERVED = new Set(["sandbox"]);

const ACCOUNTS_MAX = 16;

/** One WaveSpeed key of the operator's, and how much of it we may use. */
export interface AccountSettings {
  name: string;
  baseUrl: string;
  apiKey: string;
  /** Share of new jobs, against the other accounts'; 0: only when no other can take them. */
  weight: number;
  /** Null: no limit of ours, so no queue either. */
  videosPerMinute: number | null;
  concurrentTasks: number | null;
  webhookSecret: string | null;
}

const limit = z.int().min(1).max(1_000_000).nullable().default(null);

const Accounts = z
  .array(
    z.strictObject({
      name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, "must be 1 to 32 of a-z, 0-9 and -, beginning with a letter"),
      api_key: z.string().min(1),
      base_url: z.url({ protocol: /^https?$/ }).optional(),
      weight: z.int().min(0).max(100).default(1),
      videos_per_minute: limit,
      concurrent_tasks: limit,
      webhook_secret: z.string().min(1).nullable().default(null),
    }),
  )
  .min(1)
  .max(ACCOUNTS_MAX)
  .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, "each name once")
  // One task would have two owners, one in each account's books.
  .refine(
    (list) => new Set(list.map(({ base_url: url, api_key: key }) => `${url ?? ""} ${key}`)).size === list.length,
    "each key once",
  )
  .refine((list) => list.every(({ name }) => !RESERVED.has(name)), "an account may not be called sandbox");

/**
 * Reads `WAVESPEED_ACCOUNTS`, a JSON list. Throws a message that names the field and the rule, and never holds
 * what was given: there are keys in it.
 */
export function parseAccounts(text: string, baseUrl: string): AccountSettings[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error("WAVESPEED_ACCOUNTS: must be a JSON list");
  }
  const parsed = Accounts.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`WAVESPEED_ACCOUNTS: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "wrong"}`);
  }
  return parsed.data.map((account) => ({
    name: account.name,
    baseUrl: (account.base_url ?? baseUrl).replace(/\/+$/, ""),
    apiKey: account.api_key,
    weight: account.weight,
    videosPerMinute: account.videos_per_minute,
    concurrentTasks: account.concurrent_tasks,
    webhookSecret: account.webhook_secret,
  }));
}

/** Whether jobs must have a permit before they are sent there. */
export const isLimited = (account: Pick<AccountSettings, "videosPerMinute" | "concurrentTasks">): boolean =>
  account.videosPerMinute !== null || account.concurrentTasks !== null;
