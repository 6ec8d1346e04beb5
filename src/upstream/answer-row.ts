/** One row of a table of answers. `answer`: which it is, in words; `read` gives null for any other. */
export type AnswerRow<Given, A extends { kind: string }> = {
  [K in A["kind"]]: { answer: string; means: K; read: (given: Given) => Extract<A, { kind: K }> | null };
}[A["kind"]];

/** What the first row that fits makes of an answer. A table's last row fits all that is left. */
export function readBy<Given, A>(rows: readonly { read: (given: Given) => A | null }[], given: Given): A {
  for (const row of rows) {
    const answer = row.read(given);
    if (answer !== null) return answer;
  }
  throw new Error("the table of answers has no last row");
}
