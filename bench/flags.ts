import { parseArgs, type ParseArgsConfig } from "node:util";
import { UsageError } from "../scripts/start/options.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** Reads a scenario's flags. Throws a UsageError with the scenario's usage. */
export function readFlags<const O extends Options>(
  argv: readonly string[],
  options: O,
  usage: string,
): ReturnType<typeof parseArgs<{ args: string[]; strict: true; allowPositionals: false; options: O }>>["values"] {
  try {
    return parseArgs({ args: [...argv], strict: true, allowPositionals: false, options }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${message}\n\nnpm run bench -- ${usage}`, { cause: error });
  }
}

/** A whole number between two others. Throws a UsageError that names the flag and the rule. */
export function wholeFlag(flag: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^[0-9]+$/.test(text) || value < min || value > max) {
    throw new UsageError(`${flag}: whole numbers from ${min} to ${max} are needed, got ${JSON.stringify(text)}`);
  }
  return value;
}
