import { join } from "node:path";
import { startBareWorker } from "../bare-worker.ts";
import { BenchTenant, MODEL } from "../bench-tenant.ts";
import type { Call } from "../load/order.ts";
import { startGateway } from "../started-gateway.ts";
import { startFloor } from "../submit-floor/floor.ts";
import type { Place } from "../state-place.ts";
import { upstreamEnv, type Upstream } from "../upstream/start-upstream.ts";
import { PORTKEY, startPortkey } from "./portkey.ts";

/** One way to the upstream. */
export interface Subject {
  name: string;
  call: Call;
  /** Between two rounds: what it goes on with by itself is done, so that it does not work in another's round. */
  settle(): Promise<void>;
  end(): void | Promise<void>;
}

export const DIRECT = "direct";
export const FORWARD = "bare Worker";
export const PORTKEY_NAME = "Portkey";
export const floorName = (place: Place): string => `floor (${place})`;
export const gatewayName = (place: Place): string => `wavegate (${place})`;

/** Jobs end soon after they were sent: in every round about as many end as begin, with poll, settlement and usage. */
const LIFE = { POLL_MS_MIN: "200", POLL_MS_MAX: "1000" };

const DRAIN_MS_MAX = 60_000;

/** All ways, the direct one first. `missing` says why there is no Portkey. */
export async function startSubjects(
  upstream: Upstream,
  places: readonly Place[],
): Promise<{ subjects: Subject[]; missing: string | null }> {
  const path = `/api/v3/${MODEL}`;
  const body = JSON.stringify({ prompt: "a lighthouse at dusk, slow aerial shot", duration: 5 });
  const plain = (url: string): Call => ({
    method: "POST",
    url: url + path,
    headers: { authorization: "Bearer fake_account_key", "content-type": "application/json" },
    body,
  });
  const nothing = async (): Promise<void> => {};
  const subjects: Subject[] = [{ name: DIRECT, call: plain(upstream.url), settle: nothing, end: nothing }];

  const forward = await startBareWorker(join(import.meta.dirname, "forward-worker.ts"), {
    bindings: { UPSTREAM: upstream.url },
  });
  subjects.push({ name: FORWARD, call: plain(forward.url), settle: nothing, end: forward.end });

  const portkey = await startPortkey(upstream.url);
  const missing = typeof portkey === "string" ? portkey : null;
  if (typeof portkey === "string") process.stderr.write(`bench: without ${PORTKEY}: ${portkey}\n`);
  else subjects.push({ name: PORTKEY_NAME, call: portkey.call, settle: nothing, end: portkey.end });

  for (const place of places) {
    subjects.push({ name: floorName(place), ...(await startFloor(upstream, place, plain(""))) });
    const gateway = await startGateway({ ...LIFE, ...upstreamEnv(upstream) }, { place });
    const tenant = await BenchTenant.create(gateway.info);
    const settle = async (): Promise<void> => {
      if (!(await tenant.drained(DRAIN_MS_MAX))) throw new Error(`jobs were still open after ${DRAIN_MS_MAX} ms`);
    };
    subjects.push({ name: gatewayName(place), call: tenant.submit(), settle, end: gateway.end });
  }
  return { subjects, missing };
}
