import { randomBytes } from "node:crypto";
import { DurableObject } from "cloudflare:workers";
import { parseConfig, type Env } from "../config.ts";
import type { Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { ledgerOf } from "../ledger/ledger-of.ts";
import { raiseAlert } from "../observability/alerts.ts";
import { failPoint } from "../observability/fail-point.ts";
import { log } from "../observability/log.ts";
import { AlarmClock, earliest } from "../storage/alarm-clock.ts";
import { migrate } from "../storage/migrate.ts";
import { ended, replayed } from "./delivery-machine.ts";
import * as deliveries from "./delivery-store.ts";
import * as desk from "./desk-row.ts";
import * as book from "./endpoint-book.ts";
import * as endpoints from "./endpoint-store.ts";
import { clearLog, nextClearing } from "./log-bounds.ts";
import { DESK_STEPS } from "./schema.ts";
import { readSecrets, rotateSecret } from "./secret-store.ts";
import { Sender } from "./sender.ts";
import { testBody } from "./test-body.ts";
import type {
  Attempt,
  Delivery,
  DeliveryQuery,
  Endpoint,
  EndpointChange,
  EndpointInput,
  Notice,
  OnceKey,
  WebhookDeskApi,
  WebhookSecrets,
} from "./types.ts";

/** At least this long between two alarms, so that no row can spin the object. */
const ALARM_GAP_MS = 100;

/** What the ledger or D1 did not take is told again after this. */
const TELL_AGAIN_MS = 30_000;

/** Tells one tenant's servers how jobs ended, and keeps the log of it. */
export class WebhookDesk extends DurableObject<Env> implements WebhookDeskApi {
  readonly #sql: SqlStorage;
  readonly #sender: Sender;
  readonly #clock: AlarmClock;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    migrate(state.storage, DESK_STEPS);
    const { webhookMsMax: attemptMsMax, webhookAllowLoopback: allowLoopback } = parseConfig(env);
    this.#sql = state.storage.sql;
    this.#sender = new Sender(state.storage, { attemptMsMax, allowLoopback }, (attempt) =>
      state.waitUntil(attempt.then(() => this.#send())),
    );
    this.#clock = new AlarmClock(state, () => this.#nextAt());
  }

  async accept(tenant: string, notices: Notice[]): Promise<void> {
    this.#change(tenant, (now) => {
      for (const notice of notices) this.#store(notice, now);
    });
    failPoint("after_accept", notices[0]?.eventId ?? "");
  }

  async forget(tenant: string, jobIds: string[]): Promise<void> {
    this.#change(tenant, (now) => {
      for (const delivery of jobIds.flatMap((jobId) => deliveries.deliveriesOfJob(this.#sql, jobId))) {
        deliveries.updateDelivery(this.#sql, delivery.id, ended("dropped", "job_deleted", now));
        deliveries.dropBody(this.#sql, delivery.eventId);
        deliveries.dropReplies(this.#sql, delivery.id);
      }
    });
  }

  async secret(tenant: string): Promise<WebhookSecrets> {
    return this.#change(tenant, (now) => readSecrets(this.#sql, now));
  }

  async rotateSecret(tenant: string, overlapSeconds: number): Promise<WebhookSecrets> {
    return this.#change(tenant, (now) => rotateSecret(this.#sql, overlapSeconds * 1_000, now));
  }

  async createEndpoint(tenant: string, input: EndpointInput, once: OnceKey | null) {
    const made = this.#change(tenant, (now) => book.createEndpoint(this.#sql, input, once, now));
    await this.#tellLedger();
    return made;
  }

  async endpoints(): Promise<Endpoint[]> {
    return endpoints.allEndpoints(this.#sql);
  }

  async updateEndpoint(tenant: string, id: string, change: EndpointChange): Promise<Result<Endpoint, Refusal>> {
    const updated = this.#change(tenant, (now) => book.updateEndpoint(this.#sql, id, change, now));
    await this.#tellLedger();
    return updated;
  }

  async deleteEndpoint(tenant: string, id: string): Promise<boolean> {
    const deleted = this.#change(tenant, () => book.deleteEndpoint(this.#sql, id));
    await this.#tellLedger();
    return deleted;
  }

  async testEndpoint(tenant: string, id: string, origin: string): Promise<Result<Delivery, Refusal>> {
    const endpoint = book.found(this.#sql, id);
    if (!endpoint.ok) return endpoint;
    const { url, signature } = endpoint.value;
    const eventId = `test_${randomBytes(8).toString("hex")}`;
    const made = this.#change(tenant, (now) => {
      const test = { eventId, event: "test", jobId: null, endpointId: id, url, signature } as const;
      return deliveries.insertDelivery(this.#sql, test, testBody(eventId, origin, now), now);
    });
    return this.#found(made ?? "");
  }

  async deliveries(query: DeliveryQuery): Promise<Delivery[]> {
    return deliveries.listDeliveries(this.#sql, query);
  }

  async delivery(id: string): Promise<{ delivery: Delivery; attempts: Attempt[]; body: string | null } | null> {
    const delivery = deliveries.findDelivery(this.#sql, id);
    if (!delivery) return null;
    const body = deliveries.bodyOf(this.#sql, delivery.eventId);
    return { delivery, attempts: deliveries.attemptsOf(this.#sql, id), body };
  }

  async replay(id: string): Promise<Result<Delivery, Refusal>> {
    const delivery = deliveries.findDelivery(this.#sql, id);
    if (!delivery) return err(NO_DELIVERY);
    const refused = this.#refuseReplay(delivery);
    if (refused !== null) return err({ code: "conflict", message: refused });
    this.ctx.storage.transactionSync(() => {
      deliveries.updateDelivery(this.#sql, id, replayed(Date.now()));
      // The endpoint may have moved since.
      const endpoint = delivery.endpointId === null ? null : endpoints.findEndpoint(this.#sql, delivery.endpointId);
      if (endpoint) deliveries.redirectPending(this.#sql, endpoint);
    });
    this.#arm();
    return this.#found(id);
  }

  async wake(): Promise<void> {
    this.#arm();
  }

  /** Does what is due. Nothing may escape: the platform gives an alarm up after six throws. */
  override async alarm(info?: AlarmInvocationInfo): Promise<void> {
    this.#clock.rang(info?.scheduledTime);
    try {
      await this.#tellAlerts();
      await this.#tellLedger();
      await this.#clear();
    } catch (error) {
      log.error("desk alarm failed", { tenant: desk.readDeskRow(this.#sql)?.tenant, error });
    }
    this.#send();
  }

  /** One transaction, and the alarm for whatever it left to do. */
  #change<T>(tenant: string, work: (now: number) => T): T {
    const done = this.ctx.storage.transactionSync(() => {
      desk.openDesk(this.#sql, tenant);
      return work(Date.now());
    });
    this.#arm();
    return done;
  }

  /** Does not throw: it ends every attempt. */
  #send(): void {
    try {
      this.#sender.begin();
    } catch (error) {
      log.error("webhooks were not sent", { error });
    }
    this.#arm();
  }

  #store({ eventId, event, jobId, mode, url, body }: Notice, now: number): void {
    const made = { eventId, event, jobId };
    // A submit's own webhook is WaveSpeed's, so it is signed as WaveSpeed signs.
    const asked = url === null ? [] : [{ ...made, endpointId: null, url, signature: "wavespeed" as const }];
    const standing = endpoints.listenersOf(this.#sql, { event, mode }).map(({ id, url: to, signature }) => ({
      ...made,
      endpointId: id,
      url: to,
      signature,
    }));
    for (const delivery of [...asked, ...standing]) deliveries.insertDelivery(this.#sql, delivery, body, now);
  }

  #refuseReplay({ id, state, eventId, endpointId }: Delivery): string | null {
    if (state === "dropped" || deliveries.bodyOf(this.#sql, eventId) === null) {
      return `what delivery ${id} carried is gone: its job was deleted`;
    }
    const endpoint = endpointId === null ? null : endpoints.findEndpoint(this.#sql, endpointId);
    if (endpointId === null || endpoint?.disabled === null) return null;
    return `endpoint ${endpointId} is ${endpoint ? "disabled" : "deleted"}: nothing is sent there`;
  }

  #found(id: string): Result<Delivery, Refusal> {
    const delivery = deliveries.findDelivery(this.#sql, id);
    return delivery ? ok(delivery) : err(NO_DELIVERY);
  }

  /** How many endpoints are enabled. The ledger keeps the newest word; until it has it, the alarm says it again. */
  async #tellLedger(): Promise<void> {
    const row = desk.readDeskRow(this.#sql);
    if (!row || row.version === row.toldVersion) return;
    const told = { endpoints: endpoints.countEnabled(this.#sql), version: row.version };
    try {
      const changed = await ledgerOf(this.env, row.tenant).change("set_webhooks", told, { actor: "webhooks" });
      if (changed.ok) desk.ledgerTold(this.#sql, row.version);
    } catch (error) {
      log.warn("a ledger was not told of its webhook endpoints", { tenant: row.tenant, error });
    }
  }

  async #tellAlerts(): Promise<void> {
    const tenant = desk.readDeskRow(this.#sql)?.tenant ?? "";
    for (const { id, message } of endpoints.owedAlerts(this.#sql)) {
      const alert = { kind: "webhook_endpoint_disabled", subject: `${tenant}/${id}`, message };
      if (await raiseAlert(this.env.CONTROL, alert)) endpoints.alertTold(this.#sql, id);
    }
  }

  async #clear(): Promise<void> {
    const { lost } = this.ctx.storage.transactionSync(() => clearLog(this.#sql, Date.now()));
    if (lost === 0) return;
    const tenant = desk.readDeskRow(this.#sql)?.tenant ?? "";
    const message = `${lost} webhook deliveries that still waited left the log, which was full`;
    await raiseAlert(this.env.CONTROL, { kind: "webhook_log_full", subject: tenant, message });
  }

  #nextAt(): number | null {
    const now = Date.now();
    const row = desk.readDeskRow(this.#sql);
    const owes = row !== null && (row.version !== row.toldVersion || endpoints.owedAlerts(this.#sql).length > 0);
    return earliest(earliest(this.#sender.nextAt(), nextClearing(this.#sql, now)), owes ? now + TELL_AGAIN_MS : null);
  }

  #arm(): void {
    const next = this.#nextAt();
    if (next !== null) this.#clock.arm(Math.max(next, Date.now() + ALARM_GAP_MS));
  }
}

const NO_DELIVERY: Refusal = { code: "not_found", message: "there is no such delivery" };
