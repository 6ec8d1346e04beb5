import { expect, test } from "vitest";
import { withoutMap } from "../../../bench/cold-start/bundle-size.ts";
import { parseColdStartOptions } from "../../../bench/cold-start/options.ts";
import { evaluationOf } from "../../../bench/cold-start/scenario.ts";
import { parseGrowthOptions } from "../../../bench/growth/options.ts";

test("growth: no past and a million jobs, of one tenant and of a thousand", () => {
  expect(parseGrowthOptions([]).sizes).toEqual([
    { jobs: 0, tenants: 1 },
    { jobs: 1_000_000, tenants: 1 },
    { jobs: 0, tenants: 1_000 },
    { jobs: 1_000_000, tenants: 1_000 },
  ]);
});

test("growth: a size is jobs x tenants, and a wrong one is refused with the rule and the value", () => {
  expect(parseGrowthOptions(["--sizes", "5x2"]).sizes).toEqual([{ jobs: 5, tenants: 2 }]);
  expect(() => parseGrowthOptions(["--sizes", "5"])).toThrow(
    '--sizes: JOBSxTENANTS are needed, such as 10000x20, got "5"',
  );
  expect(() => parseGrowthOptions(["--sizes", "5x0"])).toThrow("--sizes (tenants): whole numbers from 1 to 2000");
});

test("cold-start: --quick starts less often", () => {
  expect(parseColdStartOptions(["--quick"])).toEqual({ rounds: 2, copies: 8, starts: 1, json: null });
});

test("a Worker's start is what it takes over an empty one, in the same round, for one of the copies", () => {
  const start = (wallMs: number, cpuMs: number | null) => ({ wallMs, cpuMs });
  const own = [start(500, 400), start(700, 450)];
  const evaluation = evaluationOf(own, [start(300, 200), start(300, 210)], 4);
  expect(evaluation.wallMs).toEqual({ min: 50, median: 50, max: 100 });
  expect(evaluation.cpuMs).toEqual({ min: 50, median: 50, max: 60 });
  expect(evaluationOf(own, [start(300, null), start(300, null)], 4).cpuMs).toBeNull();
});

test("a bundle's size is without the map that only stack traces need", () => {
  expect(withoutMap("export {};\n//# sourceMappingURL=data:application/json;base64,AAAA\n")).toBe("export {};\n");
  expect(withoutMap("export {};\n")).toBe("export {};\n");
});
