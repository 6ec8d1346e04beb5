import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { deskOf } from "../../../src/webhooks/desk-of.ts";
import type { Delivery, EndpointInput, WebhookDeskApi } from "../../../src/webhooks/types.ts";
import { JOB_EVENTS } from "../../../src/webhooks/types.ts";
import { testEnv } from "../../support/test-env.ts";
import * as jobs from "../jobs/world.ts";

export * from "../jobs/world.ts";

/** One request as a receiver got it. */
export interface Got {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** What becomes of a redirect. */
  redirect: string;
}

type Answer = (got: Got) => Response | Promise<Response>;

export interface Receiver {
  url: string;
  got: Got[];
  /** How it answers from now on. */
  answer: (answer: Answer) => void;
}

const receivers = new Map<string, { got: Got[]; answer: Answer }>();

/** Requests that receivers have in hand, and the most that they ever had. */
export const connections = { now: 0, peak: 0 };

const network = globalThis.fetch;

/** The gateway's own fetches come to the test's receivers; all others go where they went. No spy: those end with a file. */
globalThis.fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
  const receiver = typeof input === "string" ? receivers.get(new URL(input).host) : undefined;
  if (!receiver) return network(input as Request, init as RequestInit);
  const request = new Request(input as string, init as RequestInit);
  const got = {
    url: request.url,
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
    redirect: request.redirect,
  };
  receiver.got.push(got);
  const aborted = new Promise<never>((_resolve, reject) => {
    request.signal.addEventListener("abort", () => reject(new Error("aborted")));
  });
  aborted.catch(() => {});
  connections.now += 1;
  connections.peak = Math.max(connections.peak, connections.now);
  return Promise.race([receiver.answer(got), aborted]).finally(() => (connections.now -= 1));
};

export const OK: Answer = () => new Response("thanks");
export const DOWN: Answer = () => new Response("we are down", { status: 503 });
export const HANGS: Answer = () => new Promise<never>(() => {});

/** A server of a tenant's, of its own name. */
export function newReceiver(answer: Answer = OK): Receiver {
  const host = `r${jobs.hex(6)}.acme.dev`;
  const state = { got: [] as Got[], answer };
  receivers.set(host, state);
  return { url: `https://${host}/hook?a=b`, got: state.got, answer: (next) => (state.answer = next) };
}

export const desk = (tenant: string): WebhookDeskApi => deskOf(testEnv, tenant);

const stubOf = (tenant: string): DurableObjectStub => testEnv.WEBHOOK_DESK.get(testEnv.WEBHOOK_DESK.idFromName(tenant));

export const inDesk = <T>(tenant: string, look: (sql: SqlStorage, object: unknown) => T): Promise<T> =>
  runInDurableObject(stubOf(tenant), (object, state) => look(state.storage.sql, object));

export const ringDesk = (tenant: string): Promise<boolean> => runDurableObjectAlarm(stubOf(tenant));

/** All objects die; the desks' alarms are lost with them, as the platform may lose one. */
export const crash = (): Promise<void> => abortAllDurableObjects();

/** A standing endpoint there, that wants everything unless told otherwise. */
export async function stand(tenant: string, url: string, input: Partial<EndpointInput> = {}): Promise<string> {
  const wanted = {
    url,
    events: [...JOB_EVENTS],
    mode: null,
    signature: "standard",
    description: "",
    ...input,
  } as const;
  const made = await desk(tenant).createEndpoint(tenant, { ...wanted, events: [...wanted.events] }, null);
  if (!made.ok) throw new Error(made.error.message);
  return made.value.id;
}

/** Submits with a webhook of its own, and gives the job's id. */
export async function submitTo(world: jobs.World, url: string | null, prompt: string): Promise<string> {
  const query = url === null ? "" : `?webhook=${encodeURIComponent(url)}`;
  const response = await jobs.gateway(`/api/v3/${jobs.T2V}${query}`, {
    method: "POST",
    headers: { authorization: `Bearer ${world.key}`, "content-type": "application/json" },
    body: JSON.stringify({ prompt }),
  });
  const { data } = await response.json<{ data: { id: string } }>();
  return data.id;
}

export const allDeliveries = (tenant: string): Promise<Delivery[]> =>
  desk(tenant).deliveries({ before: null, limit: 100 });

export async function until<T>(read: () => T | Promise<T>, met: (value: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 150; tries++) {
    const value = await read();
    if (met(value)) return value;
    await scheduler.wait(20);
  }
  throw new Error(`it did not come about: ${JSON.stringify(await read())}`);
}

/** Waits until no delivery of the tenant has an attempt to make now. */
export const delivered = (tenant: string, state: Delivery["state"] = "delivered"): Promise<Delivery[]> =>
  until(
    () => allDeliveries(tenant),
    (all) => all.length > 0 && all.every((delivery) => delivery.state === state),
  );
