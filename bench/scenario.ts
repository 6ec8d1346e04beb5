/** One thing to measure: reads its own options, prints a table. */
export interface Scenario {
  /** Its options, for the usage text. */
  usage: string;
  run(argv: readonly string[]): Promise<void>;
}
