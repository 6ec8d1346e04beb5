import { createHash } from "node:crypto";
import { findModel, validateInput } from "../../../src/catalog/index.ts";
import { testEnv } from "../../support/test-env.ts";
import { callerWith, newTenant, operatorKey, type Call, type Json } from "../management/api.ts";
import type { Dice } from "./dice.ts";
import type { Fate } from "./fate.ts";
import type { Upstream } from "./upstream.ts";

/** A body that somebody sends, once or several times. */
export interface Body {
  model: string;
  prompt: string;
  input: Json;
  fate: Fate;
  /** Others may send the very same. */
  isTwin: boolean;
  /** As the gateway knows it: how a row is told whose body it has. */
  hash: string;
}

export interface Tenant {
  id: string;
  call: Call;
  /** Jobs whose reply came, with the body that they were sent with. */
  jobs: Map<string, Body>;
}

/** Everything that one storm goes over. */
export interface Sea {
  operator: Call;
  tenants: Tenant[];
  upstreams: Upstream[];
  /** Every body that was sent, by hash. */
  bodies: Map<string, Body>;
  /** Output addresses that a tenant was shown for a job of its own. */
  shown: Map<string, Set<string>>;
  /** Which job's POST made a task, as the task's own webhook address says. */
  made: Map<string, string>;
  /** What must never be, as soon as it is seen. */
  wrongs: string[];
  tally: Map<string, number>;
}

/** Several models, so that a walk of the list reads a share of the tasks only. */
const MODELS = [
  "kwaivgi/kling-v2.0-t2v-master",
  "kwaivgi/kling-v2.1-t2v-master",
  "kwaivgi/kling-v2.1-i2v-standard",
  "kwaivgi/kling-v2.1-i2v-pro",
  "kwaivgi/kling-v2.1-i2v-master",
] as const;

const TENANTS = 5;

export async function newSea(upstreams: Upstream[]): Promise<Sea> {
  await testEnv.CONTROL.exec("DELETE FROM alerts");
  for (const upstream of upstreams) await upstream.call("POST", "/control/reset");
  const operator = callerWith((await operatorKey()).key);
  const tenants: Tenant[] = [];
  for (let n = 0; n < TENANTS; n++) tenants.push(await openTenant(operator, n));
  return {
    operator,
    tenants,
    upstreams,
    bodies: new Map(),
    shown: new Map(),
    made: new Map(),
    wrongs: [],
    tally: new Map(),
  };
}

async function openTenant(operator: Call, n: number): Promise<Tenant> {
  const id = await newTenant(operator, `storm ${n}`);
  const at = `/v1/tenants/${id}`;
  const key = await operator("POST", `${at}/keys`, { name: "storm" });
  const budget = await operator("PUT", `${at}/budgets/all`, {
    scope: { tenant: true },
    limit: "1000000",
    window: "total",
  });
  if (key.status !== 201 || budget.status !== 200) throw new Error(`no tenant: ${key.text} ${budget.text}`);
  return { id, call: callerWith(String(key.body["key"])), jobs: new Map() };
}

export function newBody(dice: Dice, prompt: string, fate: Fate, isTwin: boolean): Body {
  const id = dice.pick(MODELS);
  const input: Json = {
    prompt,
    duration: dice.pick([5, 5, 10]),
    ...(id.includes("i2v") ? { image: "https://example.com/a.jpg" } : {}),
  };
  const model = findModel(id);
  const valid = model && validateInput(model, input);
  if (!valid?.ok) throw new Error(`${id} does not take ${JSON.stringify(input)}`);
  const hash = createHash("sha256").update(valid.value.canonical).digest("hex");
  return { model: id, prompt, input, fate, isTwin, hash };
}

export function count(sea: Sea, what: string, by = 1): void {
  sea.tally.set(what, (sea.tally.get(what) ?? 0) + by);
}
