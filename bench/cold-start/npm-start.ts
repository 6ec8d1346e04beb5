import { rmSync } from "node:fs";
import { makeStateDir } from "../state-place.ts";
import { startGateway } from "../started-gateway.ts";

/** Milliseconds from the command to the first answered request: on new state, and again on the state it left. */
export async function timeNpmStart(): Promise<{ freshMs: number; againMs: number }> {
  const dir = makeStateDir("disk");
  try {
    return { freshMs: await timeOne(dir), againMs: await timeOne(dir) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function timeOne(dir: string): Promise<number> {
  const from = performance.now();
  const { info, end } = await startGateway({}, { dir });
  const headers = { authorization: `Bearer ${info.tenantKey}` };
  const response = await fetch(`${info.gateway}/api/v3/balance`, { headers });
  await response.text();
  const ms = performance.now() - from;
  await end();
  if (!response.ok) throw new Error(`the first request was answered ${response.status}`);
  return ms;
}
