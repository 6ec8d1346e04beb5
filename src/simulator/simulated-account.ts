import { DurableObject } from "cloudflare:workers";
import { type Bill, readBill } from "./bill.ts";
import * as billings from "./billing-store.ts";
import { type Counter, count, readCounters } from "./counters.ts";
import * as deliveries from "./delivery-store.ts";
import { settleWebhook, takeDueWebhooks } from "./due-webhooks.ts";
import { type SimulatorEnv, timesFrom } from "./env.ts";
import * as faults from "./fault-store.ts";
import { replyFaultSchema, submitFaultSchema, type ReplyFault, type SubmitFault } from "./fault.ts";
import { pollFaultOf } from "./poll-fault.ts";
import type { Snapshot } from "./prediction.ts";
import { type Settings, readSettings, writeSettings } from "./settings.ts";
import { joinFaults, replyOf, strikesBefore, type SubmitReplyFault, type WireRefusal } from "./submit-plan.ts";
import { holdsAnything, sweep, SWEEP_EVERY_MS } from "./sweep.ts";
import { createTables, emptyTables } from "./tables.ts";
import * as tasks from "./task-store.ts";
import { isRefunded, planTask, promptOf, sendsWebhook, type Task, type TaskOrder } from "./task.ts";
import { refusalByTier } from "./tier.ts";
import * as uploads from "./upload-store.ts";
import { readUsage, type Usage } from "./usage-store.ts";
import { sendWebhook } from "./webhook-sender.ts";

/** A submit as the edge has read it. `order` is null when the input is refused. */
export interface SubmitRequest {
  model: string;
  prompt: string;
  /** Names the prompt's directive, for `times`. */
  promptHash: string;
  script: SubmitFault;
  order: TaskOrder | null;
  refusal: WireRefusal;
}

export type SubmitOutcome =
  | { kind: "struck"; fault: SubmitReplyFault }
  | { kind: "refused"; refusal: WireRefusal }
  | { kind: "created"; snapshot: Snapshot; fault: SubmitReplyFault | null; syncLimitMs: number };

export interface PollOutcome {
  snapshot: Snapshot | null;
  fault: ReplyFault | null;
}

export interface Stats {
  counters: Record<string, number>;
  webhooks: Record<string, number>;
  polls: tasks.PollCount[];
  next_cursor: string | null;
}

/** One WaveSpeed account: its tasks, bill, uploads, webhooks, limits, clock and scripted faults. */
export class SimulatedAccount extends DurableObject<SimulatorEnv> {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: SimulatorEnv) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    createTables(this.#sql);
  }

  async submit(request: SubmitRequest): Promise<SubmitOutcome> {
    const fault = this.#write(() => this.#meetSubmit(request));
    const reply = replyOf(fault);
    if (reply?.slow !== undefined) await scheduler.wait(reply.slow);
    if (reply !== null && strikesBefore(reply)) return { kind: "struck", fault: reply };
    const outcome = this.#write(() => this.#accept(request, fault));
    if (typeof outcome !== "string") return { kind: "refused", refusal: outcome };
    await this.#arm();
    const snapshot = this.peek(outcome, true);
    if (snapshot === null) throw new Error(`task ${outcome} is missing right after it was written`);
    const syncLimitMs = fault.sync_limit ?? timesFrom(this.env).syncLimitMs;
    return { kind: "created", snapshot, fault: reply, syncLimitMs };
  }

  poll(id: string): PollOutcome {
    return this.#write(() => {
      count(this.#sql, "polls");
      const task = tasks.findTask(this.#sql, id, this.#now());
      const prompt = task === null ? "" : promptOf(task);
      const occasion = { model: task?.model ?? "", prompt, predictionId: id };
      const control = faults.takeFault(this.#sql, "poll", occasion);
      if (task === null) return { snapshot: null, fault: parseReply(control) };
      const polls = tasks.countPoll(this.#sql, id);
      return {
        snapshot: { task, now: this.#now() },
        fault: parseReply(control) ?? pollFaultOf(task, polls),
      };
    });
  }

  /** Looks at a task without counting as a poll. `even` when it has vanished. */
  peek(id: string, even = false): Snapshot | null {
    const task = even ? tasks.anyTask(this.#sql, id) : tasks.findTask(this.#sql, id, this.#now());
    return task === null ? null : { task, now: this.#now() };
  }

  list(query: tasks.TaskQuery): { tasks: Task[]; total: number; now: number } {
    const now = this.#now();
    return { ...tasks.listTasks(this.#sql, query, now), now };
  }

  remove(ids: readonly string[]): number {
    return this.#write(() => tasks.removeTasks(this.#sql, ids));
  }

  /** Counts a call and gives the fault that is scripted for it. */
  meet(operation: faults.Operation, counter: Counter): ReplyFault | null {
    return this.#write(() => {
      count(this.#sql, counter);
      return parseReply(faults.takeFault(this.#sql, operation, faults.NOWHERE));
    });
  }

  balanceUsd(): number {
    return readSettings(this.#sql).balance_usd - billings.spentUsd(this.#sql, this.#now());
  }

  billings(query: billings.BillingQuery): {
    records: billings.BillingRecord[];
    total: number;
    now: number;
  } {
    const now = this.#now();
    return { ...billings.searchBillings(this.#sql, query, now), now };
  }

  usage(after: number, before: number, model: string | null): Usage {
    return readUsage(this.#sql, after, before, model, this.#now());
  }

  /** Null when the account holds too many uploads. */
  openUpload(upload: Pick<uploads.Upload, "id" | "filename" | "content_type" | "size">): number | null {
    const now = this.#now();
    const opened = this.#write(() => uploads.openUpload(this.#sql, { ...upload, created_at: now, complete: 0 }));
    return opened ? now : null;
  }

  awaitedUpload(id: string): uploads.Upload | uploads.UploadProblem {
    return uploads.awaitedUpload(this.#sql, id, this.#now());
  }

  writePart(id: string, position: number, bytes: Uint8Array): void {
    uploads.writePart(this.#sql, id, position, bytes);
  }

  async endUpload(id: string, complete: boolean): Promise<void> {
    this.#write(() => (complete ? uploads.completeUpload(this.#sql, id) : uploads.dropParts(this.#sql, id)));
    await this.#arm();
  }

  findUpload(id: string): uploads.Upload | null {
    return uploads.findUpload(this.#sql, id, this.#now());
  }

  readPart(id: string, position: number): Uint8Array | null {
    return uploads.readPart(this.#sql, id, position);
  }

  addFault(order: faults.FaultOrder): boolean {
    return this.#write(() => faults.addFault(this.#sql, order));
  }

  listFaults(): faults.ListedFault[] {
    return faults.listFaults(this.#sql);
  }

  clearFaults(): void {
    faults.clearFaults(this.#sql);
  }

  settings(): Settings {
    return readSettings(this.#sql);
  }

  async change(changes: Partial<Settings>): Promise<Settings> {
    this.#write(() => writeSettings(this.#sql, changes));
    await this.#arm();
    return readSettings(this.#sql);
  }

  /** Moves the account's clock forward; what falls due happens. Gives the new time. */
  async advance(ms: number): Promise<number> {
    const { clock_offset_ms } = readSettings(this.#sql);
    await this.change({ clock_offset_ms: clock_offset_ms + ms });
    return this.#now();
  }

  async reset(): Promise<void> {
    this.#write(() => emptyTables(this.#sql));
    await this.ctx.storage.deleteAlarm();
  }

  bill(limit: number, cursor: string): Bill {
    return readBill(this.#sql, this.#now(), readCounters(this.#sql)["submits"] ?? 0, limit, cursor);
  }

  stats(limit: number, cursor: string): Stats {
    const rows = tasks.pollCounts(this.#sql, limit + 1, cursor);
    const polls = rows.slice(0, limit);
    return {
      counters: readCounters(this.#sql),
      webhooks: deliveries.deliveryCounts(this.#sql),
      polls,
      next_cursor: rows.length > limit ? (polls.at(-1)?.prediction_id ?? null) : null,
    };
  }

  /** Webhooks that should have been sent by now. */
  webhooksDue(): number {
    return deliveries.countDue(this.#sql, this.#now());
  }

  override async alarm(info?: AlarmInvocationInfo): Promise<void> {
    const due = this.#write(() => takeDueWebhooks(this.#sql, this.#now()));
    await Promise.all(due.map((delivery) => this.#deliver(delivery)));
    this.#write(() => sweep(this.#sql, this.#now()));
    await this.#arm(info?.scheduledTime);
  }

  /** Counts the POST and finds what is scripted for it. */
  #meetSubmit(request: SubmitRequest): SubmitFault {
    count(this.#sql, "submits");
    const occasion = { model: request.model, prompt: request.prompt, predictionId: "" };
    const json = faults.takeFault(this.#sql, "submit", occasion);
    const control = json === null ? {} : submitFaultSchema.parse(JSON.parse(json));
    const uses =
      request.script.times === undefined ? 0 : faults.countDirective(this.#sql, request.promptHash, this.#now());
    return joinFaults(request.script, uses, control);
  }

  /** Writes the task, its charge and its webhook; the id, or the refusal. */
  #accept(request: SubmitRequest, fault: SubmitFault): string | WireRefusal {
    if (request.order === null) return request.refusal;
    const now = this.#now();
    const load = tasks.loadOf(this.#sql, now);
    const refusal = refusalByTier(readSettings(this.#sql), load, this.balanceUsd(), request.order.priceUsd);
    if (refusal !== null) return refusal;
    const id = crypto.randomUUID().replaceAll("-", "");
    const task = planTask(request.order, fault, id, now, timesFrom(this.env).taskMs);
    tasks.insertTask(this.#sql, task);
    billings.charge(this.#sql, task, isRefunded(task, fault));
    if (sendsWebhook(task)) deliveries.scheduleDelivery(this.#sql, id, task.ends_at, fault.webhook ?? {});
    return id;
  }

  async #deliver(delivery: deliveries.Delivery): Promise<void> {
    const task = tasks.findTask(this.#sql, delivery.prediction_id, this.#now());
    const status = task === null ? 0 : await sendWebhook(task, delivery, this.#now());
    this.#write(() => settleWebhook(this.#sql, delivery, task, status, this.#now()));
  }

  /**
   * Sets the alarm for the next webhook, or for a sweep while there is anything to forget. `rangFor`: what the alarm that rings was
   * set for; asked for once more, that very time would be no change to the runtime, which then drops it.
   */
  async #arm(rangFor = 0): Promise<void> {
    const now = this.#now();
    const due = deliveries.nextDue(this.#sql) ?? Infinity;
    const at = Math.min(due, holdsAnything(this.#sql) ? now + SWEEP_EVERY_MS : Infinity);
    if (at === Infinity) return;
    const real = Math.max(Date.now() + Math.max(0, at - now), rangFor + 1);
    // An earlier alarm stays, or a busy account would put its sweep off for ever.
    const armed = await this.ctx.storage.getAlarm();
    if (armed === null || armed > real) await this.ctx.storage.setAlarm(real);
  }

  #now(): number {
    return Date.now() + readSettings(this.#sql).clock_offset_ms;
  }

  #write<T>(change: () => T): T {
    return this.ctx.storage.transactionSync(change);
  }
}

const parseReply = (json: string | null): ReplyFault | null =>
  json === null ? null : replyFaultSchema.parse(JSON.parse(json));
