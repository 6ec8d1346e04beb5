import { createHash } from "node:crypto";
import type { Context } from "hono";
import { z } from "zod";
import type { Refusal } from "../errors/catalogue.ts";
import type { Result } from "../errors/result.ts";
import { ledgerOf } from "../ledger/ledger-of.ts";
import { MICROS_PER_USD } from "../money/index.ts";
import { billRecords, JOBS_READ_MAX, readLateJobs, type BillQuery, type BillRecord } from "../reporting/index.ts";
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
import { ownViews } from "./own-jobs.ts";
import { predictionView } from "../jobs/prediction-view.ts";
import { readJsonObject } from "./read-body.ts";
import { refuse, succeed } from "./reply.ts";

const UUIDS_MAX = 100;
const UUIDS_RULE = `must be a list of at most ${UUIDS_MAX} job ids`;
const NARROW = "give start_time and end_time";
const SORTS = ["created_at DESC", "created_at ASC"] as const;

const Query = z.object({
  ...pageFields,
  billing_type: optional(z.enum(["deduct", "refund"], "must be deduct or refund")),
  prediction_uuids: optional(z.array(z.string(UUIDS_RULE), UUIDS_RULE).max(UUIDS_MAX, UUIDS_RULE)),
  model_uuid: optional(textField(200)),
  access_key_uuid: optional(textField(100)),
  sort: optional(z.enum(SORTS, `must be one of ${SORTS.join(", ")}`)),
  start_time: optional(instantField),
  end_time: optional(instantField),
});

/**
 * POST /api/v3/billings/search: the tenant's own bill in the key's mode: a deduct record for each job, at what the
 * tenant pays, and a refund record where its hold was given back. Their sum is what its ledger has captured and holds.
 */
export async function searchBillings(c: Context<GatewayEnv>): Promise<Response> {
  const body = await readJsonObject(c.req.raw);
  const query = body.ok ? checkFields(Query, body.value) : body;
  if (!query.ok) return refuse(c, query.error);
  const page = pageOf(query.value, JOBS_READ_MAX, NARROW);
  if (!page.ok) return refuse(c, page.error);
  const found = await find(c, query.value, page.value);
  if (!found.ok) return refuse(c, found.error);
  const { records, total, isCut } = found.value;
  const { page: number, limit, offset } = page.value;
  if (isCut && offset >= total) return refuse(c, refusePage(page.value, NARROW));
  const [shown, names] = await Promise.all([shownStatuses(c, records), keyNames(c, records)]);
  const items = records.map((record) => itemOf(record, shown(record), names.get(record.keyId) ?? ""));
  return succeed(c, { page: number, total, has_more: isCut || offset + limit < total, items });
}

async function find(
  c: Context<GatewayEnv>,
  query: z.infer<typeof Query>,
  { limit, offset }: Page,
): Promise<Result<Awaited<ReturnType<typeof billRecords>>, Refusal>> {
  const { tenant, mode } = c.get("caller");
  const late = await readLateJobs(c.env.REPORT, tenant, ledgerOf(c.env, tenant));
  if (!late.ok) return late;
  const asked: BillQuery = {
    tenant,
    mode,
    type: query.billing_type ?? null,
    // An empty list of WaveSpeed's clients means any.
    jobs: query.prediction_uuids?.length ? query.prediction_uuids : null,
    model: query.model_uuid ?? null,
    key: query.access_key_uuid ?? null,
    after: query.start_time ?? 0,
    before: query.end_time ?? Number.MAX_SAFE_INTEGER,
    descending: query.sort !== "created_at ASC",
    limit,
    offset,
  };
  return { ok: true, value: await billRecords(c.env.REPORT, late.value, asked) };
}

/** WaveSpeed's word for where each job stands: that of an open one is its tracker's to say. */
async function shownStatuses(
  c: Context<GatewayEnv>,
  records: readonly BillRecord[],
): Promise<(record: BillRecord) => string> {
  const open = records.filter(({ endedAt }) => endedAt === null);
  const views = await ownViews(
    c,
    open.map(({ jobId }) => jobId),
  );
  return ({ jobId, endedAt, status }) => {
    const view = views.get(jobId);
    if (endedAt === null) return view ? predictionView(view, c.req.url).status : "created";
    return status === "expired" ? "timeout" : status;
  };
}

async function keyNames(c: Context<GatewayEnv>, records: readonly BillRecord[]): Promise<Map<string, string>> {
  if (records.length === 0) return new Map();
  const keys = await ledgerOf(c.env, c.get("caller").tenant).listKeys();
  return new Map(keys.map(({ id, name }) => [id, name]));
}

function itemOf(record: BillRecord, status: string, keyName: string): unknown {
  const { type, jobId, keyId, endedAt, at } = record;
  const price = record.priceMicros / MICROS_PER_USD;
  const state = endedAt === null ? "pre" : "done";
  const numberOfKey = Number.parseInt(uuidOf(keyId).slice(0, 12), 16);
  return {
    uuid: uuidOf(`${jobId} ${type}`),
    billing_type: type,
    price,
    created_at: new Date(at).toISOString(),
    updated_at: new Date(Math.max(at, endedAt ?? at)).toISOString(),
    order: { uuid: uuidOf(`${jobId} order`), state, price, origin_price: price, status: state, ak_id: numberOfKey },
    prediction: { uuid: jobId, model_uuid: record.model, status },
    access_key_id: numberOfKey,
    access_key_name: keyName,
    access_key_uuid: keyId,
  };
}

/** The same record has the same number in every answer. */
const uuidOf = (name: string): string => createHash("sha256").update(name).digest("hex").slice(0, 32);
