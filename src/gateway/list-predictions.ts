import type { Context } from "hono";
import { z } from "zod";
import { ok, type Result } from "../errors/result.ts";
import type { Refusal } from "../errors/catalogue.ts";
import type { JobView } from "../jobs/types.ts";
import { ledgerOf } from "../ledger/ledger-of.ts";
import { JOBS_READ_MAX, readLateJobs, recentJobs, type LateJobs, type RecentQuery } from "../reporting/index.ts";
import type { JobStatus } from "../reporting/index.ts";
import {
  checkFields,
  instantField,
  optional,
  pageFields,
  pageOf,
  refusePage,
  textField,
  type Page,
} from "./check-fields.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { noteDeleted } from "./note-deleted.ts";
import { ownJobs, ownViews } from "./own-jobs.ts";
import { predictionView } from "../jobs/prediction-view.ts";
import { readJsonObject } from "./read-body.ts";
import { refuse, succeed } from "./reply.ts";

/** As far back as WaveSpeed's own list goes. */
const LISTED_MS = 7 * 86_400_000;

/** Created and processing are the trackers' to tell apart: of so many open jobs at most, the newest. */
const OPEN_READ_MAX = 1_000;

/** An input that is longer is read alone: GET /api/v3/predictions/{id}/input. */
const INPUT_BYTES_MAX = 64 * 1024;

const OPEN: readonly JobStatus[] = ["admitted", "unknown", "needs_operator"];

/** WaveSpeed's words, and which jobs of D1 may show them. */
const STATUSES: Readonly<Record<string, readonly JobStatus[]>> = {
  created: OPEN,
  pending: OPEN,
  processing: OPEN,
  completed: ["completed"],
  failed: ["failed"],
  cancelled: ["cancelled"],
  timeout: ["expired"],
};

const NARROW = "give created_after and created_before";

const STATUS_RULE = `must be one of ${Object.keys(STATUSES).join(", ")}`;

const Query = z.object({
  ...pageFields,
  model: optional(textField(200)),
  status: optional(z.string(STATUS_RULE).refine((word) => Object.hasOwn(STATUSES, word), STATUS_RULE)),
  created_after: optional(instantField),
  created_before: optional(instantField),
  include_inputs: optional(z.union([z.boolean(), z.enum(["true", "false"])], "must be true or false")),
});

type Query = z.infer<typeof Query>;

/** POST /api/v3/predictions: the tenant's own jobs of the last 7 days, in the key's mode, newest first. */
export async function listPredictions(c: Context<GatewayEnv>): Promise<Response> {
  const body = await readJsonObject(c.req.raw);
  return body.ok ? list(c, body.value) : refuse(c, body.error);
}

/** GET /api/v3/predictions: the older edition, the same with query parameters. */
export const listByQuery = (c: Context<GatewayEnv>): Promise<Response> => list(c, c.req.query());

async function list(c: Context<GatewayEnv>, given: Record<string, unknown>): Promise<Response> {
  const query = checkFields(Query, given);
  if (!query.ok) return refuse(c, query.error);
  const page = pageOf(query.value, JOBS_READ_MAX, NARROW);
  if (!page.ok) return refuse(c, page.error);
  const found = await find(c, query.value, page.value);
  if (!found.ok) return refuse(c, found.error);
  const { views, total, hasMore } = found.value;
  if (hasMore && page.value.offset >= total) return refuse(c, refusePage(page.value, NARROW));
  const inputs = String(query.value.include_inputs) === "true" ? await inputsOf(c, views) : null;
  const items = views.map((view) => ({
    ...predictionView(view, c.req.url),
    ...(inputs ? { input: JSON.parse(inputs[view.id] ?? "{}") as unknown } : {}),
  }));
  return succeed(c, { page: page.value.page, total, has_more: hasMore, items });
}

interface Found {
  views: JobView[];
  total: number;
  hasMore: boolean;
}

async function find(c: Context<GatewayEnv>, query: Query, page: Page): Promise<Result<Found, Refusal>> {
  const { tenant, mode } = c.get("caller");
  const late = await readLateJobs(c.env.REPORT, tenant, ledgerOf(c.env, tenant));
  if (!late.ok) return late;
  const { model, status } = query;
  const asked = {
    tenant,
    mode,
    after: Math.max(query.created_after ?? 0, Date.now() - LISTED_MS),
    before: query.created_before ?? Number.MAX_SAFE_INTEGER,
    model: model ?? null,
    statuses: status === undefined ? null : (STATUSES[status] ?? []),
  };
  if (status === undefined || asked.statuses !== OPEN) return ok(await readPage(c, late.value, { ...asked, ...page }));
  const open = await readPage(c, late.value, { ...asked, limit: OPEN_READ_MAX, offset: 0 });
  const wanted = status === "pending" ? "created" : status;
  const views = open.views.filter((view) => predictionView(view, c.req.url).status === wanted);
  const end = page.offset + page.limit;
  return ok({ views: views.slice(page.offset, end), total: views.length, hasMore: open.hasMore || end < views.length });
}

/** What is shown of a job is its tracker's word; which jobs there are, D1's and the journal's. */
async function readPage(c: Context<GatewayEnv>, late: LateJobs, query: RecentQuery): Promise<Found> {
  const { jobs, total, isCut } = await recentJobs(c.env.REPORT, late, query);
  const views = await ownViews(
    c,
    jobs.map(({ id }) => id),
  );
  const unseen = jobs.filter(({ id }) => !views.has(id));
  // Ended and not to be seen: deleted, and D1 was not told. An open one may be on its way to its tracker.
  noteDeleted(
    c,
    unseen.filter(({ hasEnded }) => hasEnded).map(({ id }) => id),
  );
  return {
    views: jobs.flatMap(({ id }) => views.get(id) ?? []),
    total: total - unseen.length,
    hasMore: isCut || query.offset + query.limit < total,
  };
}

async function inputsOf(c: Context<GatewayEnv>, views: readonly JobView[]): Promise<Record<string, string>> {
  const shards = ownJobs(
    c,
    views.map(({ id }) => id),
  );
  const kept = await Promise.all(shards.map(({ tracker, ids }) => tracker.inputs(ids, INPUT_BYTES_MAX)));
  return Object.assign({}, ...kept) as Record<string, string>;
}
