import type { Job } from "../../../src/jobs/job.ts";
import type { EntryBody, JobFacts } from "../../../src/ledger/journal-entry.ts";
import { testEnv } from "../../support/test-env.ts";
import { awaitPermits, awaitUsage, micros, readBooks, type Books } from "./books.ts";
import type { Decisions } from "./operator.ts";
import { isDone } from "./rows.ts";
import type { Sea, Tenant } from "./sea.ts";
import { reconcile } from "./reconcile.ts";

/** Alerts that the faults of a storm call for. */
const ALERTS = new Set([
  "unrecognised_status",
  "upstream_account",
  "account_circuit_open",
  "needs_operator",
  "webhook_signature",
  "write_off",
  "loss",
]);

/** All that is wrong with the books at the end; nothing, if all is well. */
export async function prove(sea: Sea, decisions: Decisions): Promise<string[]> {
  await awaitPermits(sea);
  const books = await readBooks(sea);
  const wrongs = [
    ...sea.wrongs,
    ...rowsWrong(books),
    ...tasksWrong(sea, books),
    ...shownWrong(sea, books),
    ...swappedWrong(sea, books),
  ];
  for (const [tenant, journal] of books.journals) wrongs.push(...(await ledgerWrong(sea, books, tenant, journal)));
  wrongs.push(...reconcile(sea, books, decisions), ...(await alertsWrong(sea, books)));
  if (books.permits > 0) wrongs.push(`trackers keep ${books.permits} permits`);
  return wrongs;
}

function rowsWrong({ rows, owners }: Books): string[] {
  const wrongs: string[] = [];
  const tasks = new Map<string, string>();
  for (const job of rows.values()) {
    const { id, state, upstreamId } = job;
    if (!isDone(job) || job.nextAt !== null) wrongs.push(`${id} is open: ${JSON.stringify(job)}`);
    if (upstreamId === null) continue;
    if (tasks.has(upstreamId)) wrongs.push(`task ${upstreamId} is that of ${id} and of ${tasks.get(upstreamId)}`);
    tasks.set(upstreamId, id);
    if (owners.get(upstreamId) !== id) wrongs.push(`${id} (${state}) has a task that it did not claim`);
  }
  return wrongs;
}

/** A task is that of the job which sent it, and each was sent once. */
function tasksWrong(sea: Sea, { rows, owners, tasks }: Books): string[] {
  const wrongs: string[] = [];
  const jobs = Map.groupBy(rows.values(), (job) => promptOf(sea, job));
  for (const [prompt = "", made] of Map.groupBy(tasks, ({ input }) => input.prompt)) {
    const sent = jobs.get(prompt) ?? [];
    const most = prompt.startsWith("twin") ? sent.length : 1;
    if (made.length > most) wrongs.push(`${prompt}: ${made.length} tasks of ${sent.length} jobs`);
    for (const { id } of made) {
      const owner = rows.get(owners.get(id) ?? "");
      if (owner && promptOf(sea, owner) !== prompt) wrongs.push(`${owner.id}, ${promptOf(sea, owner)}, has ${prompt}`);
    }
  }
  return wrongs;
}

/** A job has no task but that of its own POST, also where another's body was the same. */
const swappedWrong = (sea: Sea, { owners }: Books): string[] =>
  [...sea.made]
    .filter(([task, jobId]) => owners.has(task) && owners.get(task) !== jobId)
    .map(([task, jobId]) => `${owners.get(task)} has the task ${task} of ${jobId}`);

const promptOf = (sea: Sea, job: Job): string => sea.bodies.get(job.inputHash)?.prompt ?? "?";

/** Whoever was shown an output was shown that of their own job's task. */
function shownWrong(sea: Sea, { owners }: Books): string[] {
  return [...sea.shown].flatMap(([jobId, urls]) =>
    [...urls]
      .filter((url) => owners.get(/([0-9a-f]{32})\.mp4$/.exec(url)?.[1] ?? "") !== jobId)
      .map((url) => `${jobId} was shown ${url}`),
  );
}

async function ledgerWrong(sea: Sea, { rows }: Books, tenant: Tenant, journal: EntryBody[]): Promise<string[]> {
  const wrongs: string[] = [];
  const open = new Map<string, JobFacts>();
  const captured = { cost: 0, price: 0 };
  for (const body of journal) {
    if (body.kind === "hold") open.set(body.job.jobId, body.job);
    if (body.kind !== "capture" && body.kind !== "release") continue;
    const { jobId, costMicros, priceMicros } = body.job;
    if (!open.delete(jobId)) wrongs.push(`${jobId} was ended twice`);
    if (body.kind === "capture") captured.cost += costMicros;
    if (body.kind === "capture") captured.price += priceMicros;
    const row = rows.get(jobId);
    const isVoid = row?.state === "void" && body.kind === "release";
    if (!isVoid && row?.settled !== body.kind)
      wrongs.push(`${jobId}: ${body.kind}, but its row: ${JSON.stringify(row)}`);
  }
  if (open.size > 0) wrongs.push(`${tenant.id} holds ${[...open.keys()].join(", ")}`);
  for (const [id] of tenant.jobs) if (!rows.has(id)) wrongs.push(`${id} was answered, and is nowhere`);
  await awaitUsage(sea, tenant, captured);
  const audit = await sea.operator("POST", `/v1/tenants/${tenant.id}/audit`);
  if (audit.body["consistent"] !== true || audit.body["open_holds"] !== 0) wrongs.push(`audit: ${audit.text}`);
  const balance = await sea.operator("GET", `/v1/tenants/${tenant.id}/balance`);
  const [budget] = balance.body["budgets"] as { captured: string; held: string }[];
  if (budget?.held !== "0.000000" || micros(budget.captured) !== captured.price) wrongs.push(`budget: ${balance.text}`);
  return wrongs;
}

async function alertsWrong(sea: Sea, { rows, journals }: Books): Promise<string[]> {
  const { results } = await testEnv.CONTROL.prepare("SELECT kind, subject, message FROM alerts").all<{
    kind: string;
    subject: string;
    message: string;
  }>();
  const told = new Set(results.map(({ kind, subject }) => `${kind} ${subject}`));
  const entries = [...journals.values()].flat();
  const untold = entries.flatMap((body) =>
    body.kind === "loss" || body.kind === "write_off" || body.kind === "needs_operator"
      ? [`${body.kind} ${body.jobId}`].filter((alert) => !told.has(alert))
      : [],
  );
  const strange = results.filter(({ kind, subject }) => {
    const row = rows.get(subject);
    const isTwin = row !== undefined && promptOf(sea, row).startsWith("twin");
    return !ALERTS.has(kind) || (kind === "needs_operator" && !isTwin);
  });
  return [...untold.map((alert) => `no alert: ${alert}`), ...strange.map((alert) => `alert ${JSON.stringify(alert)}`)];
}
