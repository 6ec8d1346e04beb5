import { DEFAULT_ACCOUNT, parseAccounts, type AccountSettings } from "./accounts/account-settings.ts";
import { parseGatewaySecrets, type GatewaySecrets } from "./keys/gateway-secrets.ts";
import type { UsageBatch } from "./ledger/journal-entry.ts";

/** What the platform hands the Worker. Only this file reads raw variables. */
export interface Env {
  TENANT_LEDGER: DurableObjectNamespace;
  JOB_TRACKER: DurableObjectNamespace;
  UPSTREAM_ACCOUNT: DurableObjectNamespace;
  WEBHOOK_DESK: DurableObjectNamespace;
  CONTROL: D1Database;
  REPORT: D1Database;
  USAGE_QUEUE: Queue<UsageBatch>;
  /** Where old journal entries go; without it they stay in the ledgers. */
  ARCHIVE?: R2Bucket;
  SIMULATOR: Fetcher;
  /** What calls of WaveSpeed leave through, such as a Worker with an address of its own; without it they leave by `fetch`. */
  EGRESS?: Fetcher;
  WAVEGATE_SECRET: string;
  WAVESPEED_BASE_URL: string;
  WAVESPEED_API_KEY: string;
  WAVESPEED_ACCOUNTS?: string;
  WAVESPEED_VIDEOS_PER_MINUTE?: string;
  WAVESPEED_CONCURRENT_TASKS?: string;
  WAVESPEED_WEBHOOK_SECRET?: string;
  PUBLIC_URL?: string;
  LOCAL_CLIENT_IP?: string;
  SUBMIT_MS_MAX?: string;
  START_WAIT_MS?: string;
  SUBMITS_IN_HAND_MAX?: string;
  HOLD_ACK_MS?: string;
  POLL_MS_MIN?: string;
  POLL_MS_MAX?: string;
  UNKNOWN_WALK_GAP_MS?: string;
  SYNC_WAIT_MS_MAX?: string;
  SETTINGS_LEAD_MS?: string;
  AUDIT_STEP_ENTRIES?: string;
  CHECKPOINT_ENTRIES?: string;
  SEGMENT_ENTRIES?: string;
  JOURNAL_KEEP_ENTRIES?: string;
  UPKEEP_MS?: string;
  WEBHOOK_MS_MAX?: string;
  WEBHOOK_ALLOW_LOOPBACK?: string;
  MAIL_API_URL?: string;
  MAIL_API_KEY?: string;
  MAIL_FROM?: string;
  ACCESS_TEAM_DOMAIN?: string;
  ACCESS_AUD?: string;
}

/** A mail provider that takes a JSON POST as Resend does. */
export interface MailSettings {
  url: string;
  key: string;
  from: string;
}

/** The Cloudflare Access application in front of the gateway. */
export interface AccessSettings {
  /** Such as https://acme.cloudflareaccess.com. */
  issuer: string;
  audience: string;
}

/** The Worker's configuration, checked. Durations are milliseconds. */
export interface Config {
  secrets: GatewaySecrets;
  /** The operator's WaveSpeed accounts; at least one, and the first serves what names none. */
  accounts: readonly AccountSettings[];
  /** Where WaveSpeed reaches us; null: no webhooks, polling only. */
  publicUrl: string | null;
  /** The client's address where no `cf-connecting-ip` says it: `npm start` listens on loopback only. */
  localClientIp: string | null;
  /** A POST without an answer after this is of unknown outcome. */
  submitMsMax: number;
  /** A submit is answered after this at the latest, whatever WaveSpeed does. */
  startWaitMs: number;
  /** Submits of one tenant that an isolate works on at once; more are refused. */
  submitsInHandMax: number;
  /** A hold that is open for this long is asked about, once. */
  holdAckMs: number;
  pollMsMin: number;
  pollMsMax: number;
  /** Between the two list walks that prove that nothing was created. */
  unknownWalkGapMs: number;
  syncWaitMsMax: number;
  /** How far ahead a new price must be announced. */
  settingsLeadMs: number;
  /** Journal entries and rows that one call of an audit handles. */
  auditStepEntries: number;
  /** Journal entries after which a ledger makes a new checkpoint, or more, where there are many rows. */
  checkpointEntries: number;
  /** Journal entries in one object of the archive. */
  segmentEntries: number;
  /** Journal entries that always stay in the ledger. */
  keepEntries: number;
  /** Between two steps of a ledger's upkeep. */
  upkeepMs: number;
  /** An attempt at a tenant's webhook that has no answer after this has failed. */
  webhookMsMax: number;
  /** Tenants' webhooks may go to this very machine: for tests and `npm start` only. */
  webhookAllowLoopback: boolean;
  /** Null: nothing is mailed. */
  mail: MailSettings | null;
  /** Null: nobody signs in by Cloudflare Access. */
  access: AccessSettings | null;
}

const parsed = new WeakMap<Env, Config>();

/** Reads and checks the variables once per isolate. Throws a message that names the variable. */
export function parseConfig(env: Env): Config {
  const known = parsed.get(env);
  if (known) return known;
  const config: Config = {
    secrets: parseGatewaySecrets(env.WAVEGATE_SECRET),
    accounts: accountsOf(env),
    localClientIp: env.LOCAL_CLIENT_IP || null,
    publicUrl: env.PUBLIC_URL ? url("PUBLIC_URL", env.PUBLIC_URL) : null,
    submitMsMax: duration("SUBMIT_MS_MAX", env.SUBMIT_MS_MAX, 60_000),
    startWaitMs: duration("START_WAIT_MS", env.START_WAIT_MS, 4_000),
    submitsInHandMax: whole("SUBMITS_IN_HAND_MAX", env.SUBMITS_IN_HAND_MAX, SUBMITS_IN_HAND, 10_000, "submits"),
    holdAckMs: duration("HOLD_ACK_MS", env.HOLD_ACK_MS, 60_000),
    pollMsMin: duration("POLL_MS_MIN", env.POLL_MS_MIN, 2_000),
    pollMsMax: duration("POLL_MS_MAX", env.POLL_MS_MAX, 30_000),
    unknownWalkGapMs: duration("UNKNOWN_WALK_GAP_MS", env.UNKNOWN_WALK_GAP_MS, 120_000),
    syncWaitMsMax: duration("SYNC_WAIT_MS_MAX", env.SYNC_WAIT_MS_MAX, 90_000),
    settingsLeadMs: duration("SETTINGS_LEAD_MS", env.SETTINGS_LEAD_MS, 60_000),
    auditStepEntries: count("AUDIT_STEP_ENTRIES", env.AUDIT_STEP_ENTRIES, 2_000, 5_000),
    checkpointEntries: count("CHECKPOINT_ENTRIES", env.CHECKPOINT_ENTRIES, 10_000, 100_000),
    segmentEntries: count("SEGMENT_ENTRIES", env.SEGMENT_ENTRIES, 5_000, 5_000),
    keepEntries: count("JOURNAL_KEEP_ENTRIES", env.JOURNAL_KEEP_ENTRIES, 20_000, 1_000_000),
    upkeepMs: duration("UPKEEP_MS", env.UPKEEP_MS, 200),
    webhookMsMax: duration("WEBHOOK_MS_MAX", env.WEBHOOK_MS_MAX, 20_000),
    webhookAllowLoopback: flag("WEBHOOK_ALLOW_LOOPBACK", env.WEBHOOK_ALLOW_LOOPBACK),
    mail: mailOf(env),
    access: accessOf(env),
  };
  if (config.unknownWalkGapMs < config.submitMsMax) {
    // Two walks prove something only if no POST can still be on its way between them.
    throw new Error("UNKNOWN_WALK_GAP_MS: at least SUBMIT_MS_MAX");
  }
  if (config.webhookAllowLoopback && config.publicUrl?.startsWith("https:")) {
    // What anybody can reach must not be talked into calling its own machine.
    throw new Error(`WEBHOOK_ALLOW_LOOPBACK: not true where PUBLIC_URL is https, which was ${config.publicUrl}`);
  }
  parsed.set(env, config);
  return config;
}

/** Those that are listed, or the one that the single variables describe. */
function accountsOf(env: Env): AccountSettings[] {
  const baseUrl = url("WAVESPEED_BASE_URL", env.WAVESPEED_BASE_URL);
  if (env.WAVESPEED_ACCOUNTS) return parseAccounts(env.WAVESPEED_ACCOUNTS, baseUrl);
  const limit = (name: string, text: string | undefined): number | null =>
    text ? whole(name, text, 0, ACCOUNT_LIMIT_MAX, "jobs") : null;
  return [
    {
      name: DEFAULT_ACCOUNT,
      baseUrl,
      apiKey: env.WAVESPEED_API_KEY,
      weight: 1,
      videosPerMinute: limit("WAVESPEED_VIDEOS_PER_MINUTE", env.WAVESPEED_VIDEOS_PER_MINUTE),
      concurrentTasks: limit("WAVESPEED_CONCURRENT_TASKS", env.WAVESPEED_CONCURRENT_TASKS),
      webhookSecret: env.WAVESPEED_WEBHOOK_SECRET || null,
    },
  ];
}

function mailOf(env: Env): MailSettings | null {
  const { MAIL_API_URL, MAIL_API_KEY, MAIL_FROM, PUBLIC_URL } = env;
  if (!together({ MAIL_API_URL, MAIL_API_KEY, MAIL_FROM })) return null;
  // The host of a request is its sender's choice: a link that is mailed must lead to the gateway.
  if (!PUBLIC_URL) throw new Error("PUBLIC_URL: needed where MAIL_API_URL is set, since mailed links lead there");
  const to = url("MAIL_API_URL", MAIL_API_URL ?? "");
  // The key goes with each mail.
  if (!/^https:|^http:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]/.test(`${to}/`)) {
    throw new Error(`MAIL_API_URL: https, or http on this very machine, not ${JSON.stringify(to)}`);
  }
  const key = matching(
    "MAIL_API_KEY",
    MAIL_API_KEY,
    /^[\x21-\x7e]+$/,
    "visible ASCII without spaces",
    "a value that is not shown",
  );
  return {
    url: to,
    key,
    from: matching("MAIL_FROM", MAIL_FROM, SENDER, "an address such as a@b.example or Name <a@b.example>"),
  };
}

const SENDER = /^([^<>@\p{C}]+ )?(<[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+>)$|^[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+$/u;
const TEAM_DOMAIN = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/;
const AUDIENCE_TAG = /^[0-9a-f]{64}$/;

function accessOf(env: Env): AccessSettings | null {
  const { ACCESS_TEAM_DOMAIN, ACCESS_AUD } = env;
  if (!together({ ACCESS_TEAM_DOMAIN, ACCESS_AUD })) return null;
  const host = "a host such as acme.cloudflareaccess.com";
  const domain = matching("ACCESS_TEAM_DOMAIN", ACCESS_TEAM_DOMAIN, TEAM_DOMAIN, host);
  const audience = matching("ACCESS_AUD", ACCESS_AUD, AUDIENCE_TAG, "the application's audience tag, 64 hex digits");
  return { issuer: `https://${domain}`, audience };
}

/** `shown`: what a secret's message says in place of its value. */
function matching(name: string, text = "", form: RegExp, rule: string, shown = JSON.stringify(text)): string {
  if (!form.test(text)) throw new Error(`${name}: ${rule}, not ${shown}`);
  return text;
}

/** All set, or none; one without the other is a mistake. */
function together(variables: Record<string, string | undefined>): boolean {
  const missing = Object.keys(variables).filter((name) => !variables[name]);
  if (missing.length === Object.keys(variables).length) return false;
  if (missing.length > 0) throw new Error(`${missing.join(", ")}: needed with ${Object.keys(variables).join(", ")}`);
  return true;
}

/** WaveSpeed's largest account takes 83 jobs a second: 332 are in hand where each waits 4 s for a slow WaveSpeed. */
const SUBMITS_IN_HAND = 400;

const ACCOUNT_LIMIT_MAX = 1_000_000;
const DURATION_MS_MAX = 3_600_000;

const duration = (name: string, text: string | undefined, standard: number): number =>
  whole(name, text, standard, DURATION_MS_MAX, "milliseconds");

const count = (name: string, text: string | undefined, standard: number, max: number): number =>
  whole(name, text, standard, max, "entries");

function whole(name: string, text: string | undefined, standard: number, max: number, unit: string): number {
  if (text === undefined || text === "") return standard;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > max) {
    throw new Error(`${name}: whole ${unit} from 1 to ${max}, not ${JSON.stringify(text)}`);
  }
  return value;
}

function flag(name: string, text: string | undefined): boolean {
  if (!text || text === "false") return false;
  if (text !== "true") throw new Error(`${name}: true or false, not ${JSON.stringify(text)}`);
  return true;
}

function url(name: string, text: string): string {
  const parsedUrl = URL.parse(text);
  if (!parsedUrl || !/^https?:$/.test(parsedUrl.protocol)) {
    throw new Error(`${name}: an http or https address, not ${JSON.stringify(text)}`);
  }
  return text.replace(/\/+$/, "");
}
