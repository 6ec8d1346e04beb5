import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGateway, type StartedGateway } from "../support/started-gateway.ts";
import { answerOf, Side, type Request } from "./contract/side.ts";
import { differences } from "./contract/shape.ts";
import { ROWS, type Row } from "./contract/rows.ts";

/**
 * Each documented request of WaveSpeed's contract, sent to the simulator directly and through the gateway: status,
 * headers that matter and the body's shape must be the same, but for what a row says.
 */
let gateway: StartedGateway;
let direct: Side;
let through: Side;

beforeAll(async () => {
  gateway = await startGateway({
    env: { SIMULATOR_TASK_MS: "100", POLL_MS_MIN: "100", POLL_MS_MAX: "200", SYNC_WAIT_MS_MAX: "1500" },
  });
  const { info } = gateway;
  // An account of its own: what the gateway sends is not on its lists.
  [direct, through] = await Promise.all([
    Side.prepare(info.simulator ?? "", "wsk_contract"),
    Side.prepare(info.gateway, info.tenantKey),
  ]);
});
afterAll(() => gateway?.kill9());

const requestOf = (row: Row, side: Side): Request => (typeof row.send === "function" ? row.send(side) : row.send);

describe.each(ROWS)("$name", (row) => {
  test("is answered alike", async () => {
    const [theirs, ours] = await Promise.all([direct, through].map((side) => answerOf(side, requestOf(row, side))));
    if (!theirs || !ours) throw new Error("two sides");
    expect(theirs.status, "the simulator").toBe(row.status ?? 200);
    expect(ours.status, JSON.stringify(ours.body).slice(0, 500)).toBe(theirs.status);
    expect(ours.headers).toEqual(theirs.headers);
    expect(differences(theirs.body, ours.body, row.mayDiffer ?? [])).toEqual([]);
    if (row.equal) expect(row.equal(ours.body)).toEqual(row.equal(theirs.body));
  });
});
