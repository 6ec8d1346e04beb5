import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { ended, isListening, startGateway, type StartedGateway } from "../support/started-gateway.ts";

const STOP_MS_MAX = 5_000;

let gateway: StartedGateway;
const start = async (): Promise<void> => {
  gateway = await startGateway();
};

afterEach(async () => gateway.kill9());

const leader = (): number => gateway.process.pid ?? 0;

const nothingServes = async (): Promise<boolean> =>
  !(await isListening(gateway.ports.gateway)) && !(await isListening(gateway.ports.simulator));

/** The process of the gateway's group whose command line has these words. */
function processOf(words: string): number {
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const group = readFileSync(`/proc/${entry}/stat`, "utf8").split(") ")[1]?.split(" ")[2];
      const command = readFileSync(`/proc/${entry}/cmdline`, "utf8").replaceAll("\0", " ");
      if (group === String(leader()) && command.includes(words)) return Number(entry);
    } catch {
      // It ended while we looked.
    }
  }
  throw new Error(`no process of the group runs ${words}`);
}

describe.each(["SIGTERM", "SIGINT"] as const)("%s", (signal) => {
  test("to npm ends all of it with code 0", async () => {
    await start();
    const began = Date.now();
    expect(await gateway.stop(signal)).toBe(0);
    expect(Date.now() - began).toBeLessThan(STOP_MS_MAX);
    expect(await nothingServes()).toBe(true);
  });

  test("to the whole process group ends all of it with code 0", async () => {
    await start();
    process.kill(-leader(), signal);
    expect(await ended(gateway.process, STOP_MS_MAX)).toBe(0);
    expect(await nothingServes()).toBe(true);
  });
});

// Processes are found in /proc.
describe.runIf(process.platform === "linux")("a process that is killed alone", () => {
  test("node by SIGTERM: workerd ends with it, code 0", async () => {
    await start();
    process.kill(processOf("node scripts/start.ts"), "SIGTERM");
    expect(await ended(gateway.process, STOP_MS_MAX)).toBe(0);
    expect(await nothingServes()).toBe(true);
  });

  test("node by SIGKILL: workerd does not outlive it", async () => {
    await start();
    process.kill(processOf("node scripts/start.ts"), "SIGKILL");
    await ended(gateway.process, STOP_MS_MAX);
    const deadline = Date.now() + STOP_MS_MAX;
    while (!(await nothingServes()) && Date.now() < deadline) await sleep(20);
    expect(await nothingServes()).toBe(true);
  });

  test("workerd by SIGKILL: node says so and ends with a code that is not 0", async () => {
    await start();
    process.kill(processOf("workerd serve"), "SIGKILL");
    expect(await ended(gateway.process, STOP_MS_MAX)).toBe(1);
    expect(gateway.output().stderr).toContain("workerd ended unexpectedly (SIGKILL)");
    expect(await nothingServes()).toBe(true);
  });
});
