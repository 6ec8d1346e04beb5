import { expect, test } from "vitest";
import { parseOverheadOptions } from "../../../bench/overhead/options.ts";

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
