import { afterEach, expect, it, vi } from "vitest";
import { AccountHealth } from "../../../src/accounts/account-health.ts";
import { CircuitKeeper } from "../../../src/accounts/circuit-keeper.ts";
import type { CircuitEvent } from "../../../src/accounts/circuit.ts";
import { readDesk } from "../../../src/accounts/desk-store.ts";
import { testEnv } from "../../support/test-env.ts";
import { spyFetch } from "../../support/spy-fetch.ts";
import * as w from "./world.ts";

afterEach(() => void vi.restoreAllMocks());

const OPENS: CircuitEvent = { kind: "probed", problem: "its balance is used up", sure: true };
const CLOSES: CircuitEvent = { kind: "probed", problem: null, sure: true };

/** D1 whose first write of an account's state is held up. */
function slowControl(): { control: D1Database; asked: Promise<void>; letGo: () => void } {
  const asked = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let isFirst = true;
  const prepare = (text: string): D1PreparedStatement => {
    const statement = testEnv.CONTROL.prepare(text);
    if (!isFirst || !text.includes("account_states")) return statement;
    isFirst = false;
    const held = async () => {
      asked.resolve();
      await gate.promise;
    };
    const bind = (...values: unknown[]) => {
      const bound = statement.bind(...values);
      return {
        run: async () => (await held(), bound.run()),
        all: async () => (await held(), bound.all()),
        raw: async () => (await held(), bound.raw()),
      };
    };
    return { bind } as unknown as D1PreparedStatement;
  };
  return { control: { prepare } as unknown as D1Database, asked: asked.promise, letGo: gate.resolve };
}

it("D1 hears of an account's turns in their order, also if the first telling takes long", async () => {
  const { control, asked, letGo } = slowControl();
  await w.inAccount(`keeper-${w.hex(4)}`, async ({ storage }) => {
    const keeper = new CircuitKeeper(storage, { ...testEnv, CONTROL: control }, new AccountHealth(testEnv));
    keeper.note("live", OPENS);
    const first = keeper.tell("live");
    await asked;
    keeper.note("live", CLOSES);
    const second = keeper.tell("live");
    // As long as the second would take, were it not to wait.
    await testEnv.CONTROL.prepare("SELECT 1").first();
    await scheduler.wait(50);
    letGo();
    await Promise.all([first, second]);
    expect(readDesk(storage.sql, Date.now())).toMatchObject({ circuitTold: true, circuit: { state: "closed" } });
  });
  const told = await testEnv.CONTROL.prepare("SELECT circuit FROM account_states WHERE account = 'live'").first(
    "circuit",
  );
  expect(told).toBe("closed");
});

it("a balance that was asked for before jobs opened the circuit does not close it", async () => {
  const asked = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  spyFetch(async (request, real) => {
    if (!request.url.endsWith("/balance")) return real(request);
    const response = await real(request);
    asked.resolve();
    await gate.promise;
    return response;
  });
  await w.inAccount(`keeper-${w.hex(4)}`, async ({ storage }) => {
    const keeper = new CircuitKeeper(storage, testEnv, new AccountHealth(testEnv));
    const stateNow = () => readDesk(storage.sql, Date.now())?.circuit.state;
    keeper.note("live", { kind: "lost" });
    const probed = keeper.probe("live");
    await asked.promise;
    for (let fault = 0; fault < 10; fault++) {
      keeper.note("live", { kind: "fault", reason: "HTTP 403", tenant: `tenant ${fault % 3}` });
    }
    expect(stateNow()).toBe("open");
    gate.resolve();
    await probed;
    expect(stateNow(), "the next look decides").toBe("open");
    await keeper.probe("live");
    expect(stateNow()).toBe("closed");
  });
});
