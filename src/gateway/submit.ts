import type { Context } from "hono";
import { PRIORITIES } from "../accounts/types.ts";
import { findModel, validateInput } from "../catalog/index.ts";
import type { ModelEntry, ValidInput } from "../catalog/types.ts";
import { parseConfig } from "../config.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { trackerOf } from "../jobs/tracker-of.ts";
import type { JobView, StartRequest } from "../jobs/types.ts";
import { ledgerOf } from "../ledger/ledger-of.ts";
import { offerRates } from "../ledger/offer-rates.ts";
import type { Admission, Reservation } from "../ledger/types.ts";
import { formatMicros } from "../money/index.ts";
import { failPoint } from "../observability/fail-point.ts";
import { log } from "../observability/log.ts";
import { admissibleRates, loadSettings, modelOf, refuseModel, type Settings } from "../settings/index.ts";
import { bodyHash } from "./body-hash.ts";
import type { GatewayEnv } from "./gateway-env.ts";
import { planAccounts } from "./plan-accounts.ts";
import { predictionView, type Prediction } from "../jobs/prediction-view.ts";
import { readJsonObject } from "./read-body.ts";
import { refuseBase64Webhook } from "./refuse-base64-webhook.ts";
import { withoutRepeatedModel } from "./repeated-model.ts";
import { invalid, refuse, refuseAsUpstream, sayExpiry, sayQuotas, succeed } from "./reply.ts";
import { sayQueue } from "./say-queue.ts";
import { showJob } from "./show-job.ts";
import { noteStart, startMs } from "./start-times.ts";
import { startInTime } from "./start-in-time.ts";
import { isDoorOpen, overloaded, throughDoor } from "./submit-door.ts";
import { readSubmitOptions, type SubmitOptions } from "./submit-options.ts";
import { hasEnded, watchJob } from "./watch-job.ts";
import { sha256Hex } from "../keys/sha256-hex.ts";

const DAY_MS = 86_400_000;

const encoder = new TextEncoder();

type GatewayContext = Context<GatewayEnv>;

/** POST /api/v3/{model}: validate, reserve, start, answer. Nothing is held for a body that is wrong. */
export async function submit(c: GatewayContext, modelId: string): Promise<Response> {
  const config = parseConfig(c.env);
  const { submitsInHandMax, startWaitMs } = config;
  const { tenant, mode } = c.get("caller");
  const knock = { tenant, mode, submitsInHandMax, startWaitMs };
  if (!isDoorOpen(knock)) return refuse(c, overloaded());
  const known = findSubmitted(await loadSettings(c.env.CONTROL, Date.now()), modelId);
  if (!known.ok) return refuse(c, known.error);
  const body = await readJsonObject(c.req.raw);
  if (!body.ok) return refuse(c, body.error);
  // Again, since reading a large body takes its time: a price must not be older than a copy may be. From here on it is one
  // copy: what is checked by one schema must not be priced by the unit of another.
  const settings = await loadSettings(c.env.CONTROL, Date.now());
  const found = findSubmitted(settings, modelId);
  if (!found.ok) return refuse(c, found.error);
  const model = found.value;
  const documented = refuseBase64Webhook(c, body.value);
  if (documented) return documented;
  const read = readSubmitOptions(c.req.raw, body.value, config);
  if (!read.ok) return refuse(c, read.error);
  const valid = validateInput(model, withoutRepeatedModel(model, read.value.input));
  if (!valid.ok) return refuse(c, invalid(valid.error));

  // Under waitUntil: a client that goes away stops neither the reservation nor the start.
  const { options } = read.value;
  const work = throughDoor(knock, () => admitAndStart(c, settings, model, valid.value, options));
  // Others came while the body was read.
  if (!work) return refuse(c, overloaded());
  c.executionCtx.waitUntil(work);
  const started = await work;
  return started.ok ? answer(c, started.value, options) : refuse(c, started.error);
}

/** Without settings the models that are written here are known still: a replay of a job gets that job all the same. */
function findSubmitted(settings: Result<Settings, Refusal>, id: string): Result<ModelEntry, Refusal> {
  const model = settings.ok ? modelOf(settings.value, id) : findModel(id);
  if (model) return ok(model);
  return settings.ok ? err(refuseModel(settings.value, id)) : settings;
}

interface Started {
  reservation: Reservation;
  view: JobView;
}

async function admitAndStart(
  c: GatewayContext,
  settings: Result<Settings, Refusal>,
  model: ModelEntry,
  valid: ValidInput,
  options: SubmitOptions,
): Promise<Result<Started, Refusal>> {
  const begun = Date.now();
  const { admission, accounts } = await reserve(c, settings, model, valid, options);
  sayQuotas(c, admission.quotas);
  sayExpiry(c, admission.keyExpiresAt);
  if (!admission.ok) return admission;
  failPoint("after_reserve", admission.value.job.jobId);
  const { queueWeight: weight, keepInputsDays, webhookEndpoints } = admission.handling;
  const route = { accounts, priority: PRIORITIES[options.priority], weight };
  const { base64Output, webhook: url } = options;
  // A job that nobody wants to hear of carries nothing of it.
  const notify = url === null && webhookEndpoints === 0 ? null : { url, origin: ownOrigin(c) };
  const handling = { route, keepInputMs: keepInputsDays * DAY_MS, base64Output, notify };
  const view = await start(c, admission.value, valid, { begun, ...handling });
  return view.ok ? ok({ reservation: admission.value, view: view.value }) : view;
}

async function reserve(
  c: GatewayContext,
  settings: Result<Settings, Refusal>,
  model: ModelEntry,
  valid: ValidInput,
  options: SubmitOptions,
): Promise<{ admission: Admission; accounts: string[] }> {
  const { tenant, ...caller } = c.get("caller");
  const rates = settings.ok ? admissibleRates(settings.value, model, Date.now()) : settings;
  const planned = settings.ok ? planAccounts(c.env, settings.value, { mode: caller.mode, model: model.id }) : settings;
  const { base64Output, webhook } = options;
  // Each only where it is asked for: a repeat of before there was such a flag is known by its hash.
  const flags = {
    sync: options.syncMode,
    ...(base64Output ? { base64: true } : {}),
    ...(webhook === null ? {} : { webhook }),
  };
  const admission = await ledgerOf(c.env, tenant).reserve({
    caller,
    model: model.id,
    seconds: valid.seconds,
    tags: options.tags,
    rates: rates.ok ? offerRates(rates.value.inPlay, valid.seconds) : [],
    quote: options.quote,
    // The ledger's to tell, each in its place: a replay gets its job all the same.
    refusal: rates.ok ? (planned.ok ? null : planned.error) : rates.error,
    idempotencyKey: options.idempotencyKey,
    bodyHash: bodyHash(model.id, flags, valid.canonical),
    ...startMs(caller.mode),
  });
  // A job that is there already goes on, whatever new ones are told.
  const accounts = planned.ok ? planned.value : parseConfig(c.env).accounts.map(({ name }) => name);
  return { admission, accounts };
}

/** A repeat with the same Idempotency-Key drives an open job's start again, with its own equal body. */
async function start(
  c: GatewayContext,
  reservation: Reservation,
  valid: ValidInput,
  { begun, ...handling }: { begun: number } & Pick<StartRequest, "route" | "keepInputMs" | "base64Output" | "notify">,
): Promise<Result<JobView, Refusal>> {
  const { tenant } = c.get("caller");
  const { job, shard, open } = reservation;
  const tracker = trackerOf(c.env, { tenant, shard });
  try {
    const input = encoder.encode(JSON.stringify(valid.input));
    // What the settings and the ledger took is taken off: the whole answer comes within the time.
    const waitMs = Math.max(0, parseConfig(c.env).startWaitMs - (Date.now() - begun));
    const request = { tenant, job, input, inputHash: sha256Hex(valid.canonical), waitMs, ...handling };
    // A job whose hold has ended and that nobody sees any more was deleted.
    const goOn = (started: Promise<unknown>): void => c.executionCtx.waitUntil(started);
    const from = Date.now();
    const view = open ? await startInTime(tracker, request, goOn) : ((await tracker.view(job.jobId)) ?? "deleted");
    if (open) noteStart(job.mode, Date.now() - from);
    if (view === "deleted") return err(DELETED);
    if (view === "no_room") {
      // Its id can never start now. Should this not get there, the ledger finds that out by itself.
      const reason = "there was no room for its body";
      await ledgerOf(c.env, tenant).settle({ jobId: job.jobId, action: "release", outcome: "never_sent", reason });
      return err(NO_ROOM);
    }
    if (view) return ok(view);
  } catch (error) {
    log.error("a job was held but its start was not confirmed", { jobId: job.jobId, error });
  }
  return err({
    code: "upstream_unavailable",
    message: `job ${job.jobId} could not be started for sure; if it was not, its hold is released within minutes`,
    details: { job: job.jobId },
    retryAfterSeconds: 60,
  });
}

async function answer(c: GatewayContext, { reservation, view }: Started, options: SubmitOptions): Promise<Response> {
  const { tenant } = c.get("caller");
  const { job, shard, replayed } = reservation;
  c.header("x-wavegate-job-cost", formatMicros(job.priceMicros));
  if (replayed) c.header("idempotency-replayed", "true");
  if (view.refusal) return refuseAsUpstream(c, view.refusal);
  if (view.neverSent) return refuse(c, NOT_TAKEN);
  sayQueue(c, view);
  if (!options.syncMode) return succeed(c, predictionView(view, c.req.url));
  const { syncWaitMsMax } = parseConfig(c.env);
  const end = await watchJob(trackerOf(c.env, { tenant, shard }), view, hasEnded, syncWaitMsMax);
  const shown = predictionView(end, c.req.url);
  const seconds = Math.round(syncWaitMsMax / 1000);
  if (!hasEnded(end)) return givenUp(c, shown, `Sync mode timed out after ${seconds} seconds. The task goes on`);
  // It is made and paid: told as an error, it would be submitted once more, and paid once more.
  return showJob(c, end, shown, ({ message }) => givenUp(c, { ...shown, outputs: [] }, `Sync mode ended: ${message}`));
}

/** WaveSpeed's own answer when its sync mode gives up: 200, and the result is read later. */
const givenUp = (c: GatewayContext, shown: Prediction, why: string): Response =>
  succeed(c, { ...shown, status: "processing", code: 5004, error: `${why}: query its result at ${shown.urls.get}` });

const DELETED: Refusal = {
  code: "job_not_found",
  message: "the job that was made with this Idempotency-Key was deleted",
};

const NO_ROOM: Refusal = {
  code: "no_room",
  message: "too much is waiting to be sent, so there is no room for the body of this job; nothing was charged",
  retryAfterSeconds: 60,
};

const NOT_TAKEN: Refusal = {
  code: "upstream_unavailable",
  message: "the upstream did not take the job; nothing was charged",
  retryAfterSeconds: 30,
};

/** Where the tenant reaches the gateway, for URLs in what it is told later. */
const ownOrigin = (c: GatewayContext): string => parseConfig(c.env).publicUrl ?? new URL(c.req.url).origin;
