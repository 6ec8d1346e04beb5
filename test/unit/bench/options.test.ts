import { expect, test } from "vitest";
import { parseOverheadOptions } from "../../../bench/overhead/options.ts";
import { FAN_OUT, parsePollingOptions, POLLING } from "../../../bench/polling/options.ts";
import { pollingFigures } from "../../../bench/polling/scenario.ts";
import { parseSubmitFloorOptions } from "../../../bench/submit-floor/options.ts";

test("overhead: both places, one connection and more, by default", () => {
  expect(parseOverheadOptions([])).toEqual({
    places: ["ram", "disk"],
    upstreamMs: 20,
    connections: [1, 4, 16, 64],
    rounds: 7,
    roundMs: 2_000,
    tries: 9,
    json: null,
  });
});

test("overhead: what is said goes before --quick", () => {
  const options = parseOverheadOptions(["--quick", "--rounds", "3", "--state", "disk", "--json", "out.json"]);
  expect(options).toMatchObject({ places: ["disk"], rounds: 3, roundMs: 700, connections: [1, 16], json: "out.json" });
});

test("overhead: a wrong value is refused with the flag, the rule and the value", () => {
  expect(() => parseOverheadOptions(["--state", "tape"])).toThrow('--state: disk, ram or both, got "tape"');
  expect(() => parseOverheadOptions(["--connections", "4,x"])).toThrow(
    '--connections: whole numbers from 1 to 256 are needed, got "x"',
  );
  expect(() => parseOverheadOptions(["--fast"])).toThrow("npm run bench -- overhead");
});

test("fan-out is WaveSpeed's largest account: 2,500 reads a second; polling is less", () => {
  const { jobs, everyMs } = parsePollingOptions([], FAN_OUT);
  expect((jobs * 1_000) / everyMs).toBe(2_500);
  expect(parsePollingOptions(["--jobs", "7"], POLLING)).toMatchObject({ jobs: 7, everyMs: 1_000, rounds: 5 });
});

test("polling: a wrong value is refused with the flag and the rule", () => {
  expect(() => parsePollingOptions(["--jobs", "0"], FAN_OUT)).toThrow(
    "--jobs: whole numbers from 1 to 5000 are needed",
  );
  expect(() => parsePollingOptions(["--clients", "1"], FAN_OUT)).toThrow("npm run bench -- fan-out");
});

test("fan-out: a share of the reads wanted is never more than all of them", () => {
  const round = (perSecond: number) => ({ p50: 1, p95: 1, p99: 1, perSecond, failed: 1 });
  expect(pollingFigures([round(500), round(1_100)], 1_000)).toMatchObject({
    ofWanted: { min: 0.5, max: 1 },
    failed: 2,
  });
});

test("submit-floor: --quick is shorter, and what is said goes before it", () => {
  expect(parseSubmitFloorOptions(["--quick", "--state", "ram"])).toMatchObject({
    places: ["ram"],
    rounds: 2,
    roundMs: 1_000,
  });
  expect(() => parseSubmitFloorOptions(["--rounds", "many"])).toThrow(
    "--rounds: whole numbers from 1 to 50 are needed",
  );
});
