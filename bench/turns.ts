/**
 * Rounds in turns, each time beginning with another subject, so that what disturbs the machine disturbs all alike.
 * Answers what each subject's rounds gave, in the order of the subjects.
 */
export async function inTurns<S, T>(
  subjects: readonly S[],
  rounds: number,
  measure: (subject: S, round: number) => Promise<T>,
): Promise<T[][]> {
  const measured = subjects.map((): T[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < subjects.length; turn++) {
      const index = (round + turn) % subjects.length;
      const subject = subjects[index];
      if (subject !== undefined) measured[index]?.push(await measure(subject, round));
    }
  }
  return measured;
}
