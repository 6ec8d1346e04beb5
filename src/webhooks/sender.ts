import { failPoint } from "../observability/fail-point.ts";
import { log } from "../observability/log.ts";
import { answered, begun, ended, refuseAttempt } from "./delivery-machine.ts";
import { bodyOf, findDelivery, insertAttempt, updateDelivery } from "./delivery-store.ts";
import { countChange } from "./desk-row.ts";
import { dueOf, HOSTS_MAX, waitingHosts } from "./due-deliveries.ts";
import { healthAfter } from "./endpoint-health.ts";
import { findEndpoint, oweAlert, writeEndpoint } from "./endpoint-store.ts";
import { hasLane, type Lane } from "./lanes.ts";
import { post } from "./post.ts";
import { signingSecrets } from "./secret-store.ts";
import { signedHeaders } from "./signatures.ts";
import type { AttemptOutcome, Delivery } from "./types.ts";
import { checkWebhookUrl, hostOf } from "./url-rule.ts";

/** Deliveries that one look takes up: most of them may end without an attempt. */
const TAKEN_MAX = 100;

/** Where more hosts wait than one look sees, the next look comes after this. */
const WALK_ON_MS = 1_000;

/** Hosts whose last answer is remembered. */
const FAILING_MAX = 1_000;

const USER_AGENT = "wavegate-webhooks/1";

export interface SenderSettings {
  attemptMsMax: number;
  allowLoopback: boolean;
}

/** Sends what is due, a few at a time. Decisions are the pure files'. */
export class Sender {
  readonly #storage: DurableObjectStorage;
  readonly #settings: SenderSettings;
  readonly #sent: (attempt: Promise<void>) => void;
  /** Attempts that are on their way, by delivery. */
  readonly #lanes = new Map<string, Lane>();
  readonly #failing = new Set<string>();
  /** The host that had the last turn. */
  #turn = "";

  /** `sent` takes each attempt, as it begins, to be waited for; what it settles to never rejects. */
  constructor(storage: DurableObjectStorage, settings: SenderSettings, sent: (attempt: Promise<void>) => void) {
    this.#storage = storage;
    this.#settings = settings;
    this.#sent = sent;
  }

  /** Begins what is due, as far as there are connections: each host that waits has its turn. */
  begin(): void {
    const now = Date.now();
    const waiting = waitingHosts(this.#storage.sql, this.#turn);
    const hosts = waiting.filter(({ nextAt }) => nextAt <= now);
    let taken = 0;
    for (let before = -1; taken > before && taken < TAKEN_MAX;) {
      before = taken;
      for (const { host } of hosts) taken += Number(this.#serve(host, now));
    }
    // There may be more of them: the next look goes on there.
    if (taken === 0 && waiting.length === HOSTS_MAX) this.#turn = waiting.at(-1)?.host ?? "";
  }

  /** When something is due next; null: nothing waits. */
  nextAt(): number | null {
    const now = Date.now();
    const times = waitingHosts(this.#storage.sql, this.#turn).map(({ nextAt }) =>
      // What is due and was not begun waits for a connection: whichever comes free looks again.
      nextAt <= now && this.#lanes.size > 0 ? now + this.#settings.attemptMsMax : nextAt,
    );
    if (times.length === HOSTS_MAX) times.push(now + WALK_ON_MS);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Takes the host's next delivery up. False: there is none, or no connection for it. */
  #serve(host: string, now: number): boolean {
    const lane = { host, failing: this.#failing.has(host) };
    if (!hasLane([...this.#lanes.values()], lane)) return false;
    const delivery = dueOf(this.#storage.sql, host, now, new Set(this.#lanes.keys()));
    if (!delivery) return false;
    this.#turn = host;
    const message = this.#take(delivery, now);
    if (message) {
      this.#lanes.set(delivery.id, lane);
      this.#sent(this.#attempt(message));
    }
    return true;
  }

  /** Counts the attempt, or ends the delivery without one. */
  #take(due: Delivery, now: number): Delivery | null {
    return this.#storage.transactionSync(() => {
      const refused = refuseAttempt(due, this.#targetOf(due), now);
      const change = refused ? ended("failed", refused, now) : begun(due, now, this.#settings.attemptMsMax);
      updateDelivery(this.#storage.sql, due.id, change);
      return refused ? null : { ...due, ...change };
    });
  }

  #targetOf({ endpointId, event, url }: Delivery): { disabled: boolean; urlRefused: boolean } {
    const endpoint = endpointId === null ? null : findEndpoint(this.#storage.sql, endpointId);
    // A test may be what shows that an endpoint can be enabled again.
    const disabled = endpointId !== null && (!endpoint || (endpoint.disabled !== null && event !== "test"));
    return { disabled, urlRefused: !checkWebhookUrl(url, this.#settings).ok };
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const at = Date.now();
    try {
      failPoint("before_attempt", delivery.eventId);
      const outcome = await this.#post(delivery, at);
      failPoint("after_attempt", delivery.eventId);
      this.#record(delivery, at, outcome);
    } catch (error) {
      // Not recorded: made again when its lease ends.
      log.error("a webhook attempt broke", { delivery: delivery.id, error });
    } finally {
      this.#lanes.delete(delivery.id);
    }
  }

  #post(delivery: Delivery, at: number): Promise<AttemptOutcome> {
    const { sql } = this.#storage;
    const body = bodyOf(sql, delivery.eventId) ?? "{}";
    const secrets = this.#storage.transactionSync(() => signingSecrets(sql, at));
    const headers = {
      "content-type": "application/json",
      "user-agent": USER_AGENT,
      "x-wavegate-event": delivery.event,
      "x-wavegate-delivery": delivery.id,
      "x-wavegate-attempt": String(delivery.attempts),
      ...signedHeaders({ id: delivery.eventId, at, body }, secrets, delivery.signature),
    };
    return post(delivery.url, headers, body, this.#settings.attemptMsMax);
  }

  #record({ id, url, attempts: attempt }: Delivery, at: number, outcome: AttemptOutcome): void {
    this.#remember(hostOf(url), outcome.delivered);
    this.#storage.transactionSync(() => {
      const { sql } = this.#storage;
      const delivery = findDelivery(sql, id);
      // It may have left the log meanwhile.
      if (!delivery) return;
      const { status, ms, error } = outcome;
      // Its job was deleted meanwhile: a receiver may have repeated what it was told.
      const reply = delivery.state === "dropped" ? "" : outcome.reply;
      insertAttempt(sql, id, { attempt, at, status, ms, error, reply });
      const change = answered(delivery, attempt, outcome, Date.now(), Math.random());
      updateDelivery(sql, id, change);
      const said = { ...outcome, exhausted: change.end === "exhausted" };
      if (delivery.endpointId !== null && delivery.event !== "test") this.#judge(delivery.endpointId, said);
    });
  }

  /** What an answer says of its endpoint. */
  #judge(endpointId: string, outcome: Parameters<typeof healthAfter>[1]): void {
    const { sql } = this.#storage;
    const endpoint = findEndpoint(sql, endpointId);
    if (!endpoint) return;
    const now = Date.now();
    const after = healthAfter(endpoint, outcome, now);
    if (after.failingSince === endpoint.failingSince && after.disabled === endpoint.disabled) return;
    const isEnd = after.disabled !== null && endpoint.disabled === null;
    writeEndpoint(sql, { ...endpoint, ...after, ...(isEnd ? { disabledAt: now } : {}) });
    if (!isEnd) return;
    countChange(sql);
    const why = after.disabled === "gone" ? "it answered 410 Gone" : "it has answered nothing but failures for 3 days";
    oweAlert(sql, endpointId, `a webhook endpoint at ${hostOf(endpoint.url)} was disabled: ${why}`);
  }

  #remember(host: string, delivered: boolean): void {
    if (delivered) this.#failing.delete(host);
    else if (this.#failing.size < FAILING_MAX) this.#failing.add(host);
  }
}
