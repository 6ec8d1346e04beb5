import { auditScenario } from "./audit/scenario.ts";
import { coldStartScenario } from "./cold-start/scenario.ts";
import { growthScenario } from "./growth/scenario.ts";
import { ledgerScenario } from "./ledger/scenario.ts";
import { limitsScenario } from "./limits/scenario.ts";
import { operationsScenario } from "./operations/scenario.ts";
import { overheadScenario } from "./overhead/scenario.ts";
import { fanOutScenario, pollingScenario } from "./polling/scenario.ts";
import type { Scenario } from "./scenario.ts";
import { submitFloorScenario } from "./submit-floor/scenario.ts";
import { UsageError } from "../scripts/start/options.ts";
import { endOnSignals } from "../scripts/start/lifetime.ts";

/** `npm run bench -- SCENARIO [options]`: measures on this machine, beside a floor measured in the same run. */
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  overhead: overheadScenario,
  "submit-floor": submitFloorScenario,
  ledger: ledgerScenario,
  polling: pollingScenario,
  "fan-out": fanOutScenario,
  growth: growthScenario,
  "cold-start": coldStartScenario,
  audit: auditScenario,
  limits: limitsScenario,
  operations: operationsScenario,
};

endOnSignals();
const [name = "", ...argv] = process.argv.slice(2);
try {
  const scenario = SCENARIOS[name];
  if (!scenario) throw new UsageError(usage());
  await scenario.run(argv);
  process.exit(0);
} catch (error) {
  const text = error instanceof UsageError ? error.message : String(error instanceof Error ? error.stack : error);
  process.stderr.write(`bench: ${text}\n`);
  process.exit(1);
}

function usage(): string {
  const lines = Object.entries(SCENARIOS).map(([known, { usage: options }]) => `  ${known} ${options}`);
  return `npm run bench -- SCENARIO [options]\n\n${lines.join("\n")}`;
}
