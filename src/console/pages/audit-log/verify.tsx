import type { Context } from "hono";
import { callApi, type Answer, type Problem } from "../../api.ts";
import type { ConsoleEnv } from "../../console-env.ts";
import { Field, Form } from "../../view/form.tsx";
import { Notice } from "../../view/parts.tsx";
import type { Chain } from "./chain.ts";

/** As POST .../audit-log/verify answers. */
export interface Verification {
  verified: boolean | null;
  entries: number;
  from_seq: number;
  head_seq: number;
  head_hash: string;
  broken: { seq: number; reason: string } | null;
  next_cursor: string | null;
}

/** Calls of one press, 500 entries each: a page reads 5,000 rows at most. */
const CALLS_MAX = 8;

/** Walks the chain from where the form was, as far as one press goes. */
export async function verify(
  c: Context<ConsoleEnv>,
  chain: Chain,
  values: Record<string, string>,
): Promise<Answer<Verification>> {
  const { seq = "", hash = "" } = values;
  const noted = seq === "" && hash === "" ? {} : { noted: { seq: seq === "" ? seq : Number(seq), hash } };
  let cursor = values["cursor"] || undefined;
  for (let call = 1; ; call++) {
    const body = { ...noted, ...(cursor !== undefined && { cursor }) };
    const found = await callApi<Verification>(c, "POST", `${chain.api}/verify`, { body });
    if (!found.ok || found.value.verified !== null || call === CALLS_MAX) return found;
    cursor = found.value.next_cursor ?? undefined;
  }
}

interface VerifyProps {
  c: Context<ConsoleEnv>;
  chain: Chain;
  found: Verification | null;
  values: Record<string, string>;
  problem: Problem | null;
}

/** The button that checks the log, and what it found. */
export const Verify = ({ c, chain, found, values, problem }: VerifyProps) => (
  <article id="verify">
    <h2>Is it as it was written?</h2>
    {found && <Found found={found} />}
    <Form action={chain.path} csrf={c.get("session").csrf}>
      <input type="hidden" name="do" value="verify" />
      {found?.next_cursor ? (
        <>
          <input type="hidden" name="cursor" value={found.next_cursor} />
          <input type="hidden" name="seq" value={values["seq"] ?? ""} />
          <input type="hidden" name="hash" value={values["hash"] ?? ""} />
          <button>Go on</button>
        </>
      ) : (
        <>
          <details id="noted" {...((values["seq"] || values["hash"]) && { open: true })}>
            <summary>Compare with an entry that was noted elsewhere</summary>
            <div class="fields">
              <Field name="seq" label="Its number" value={values["seq"] ?? ""} field="noted.seq" problem={problem} />
              <Field name="hash" label="Its hash" value={values["hash"] ?? ""} field="noted.hash" problem={problem} />
            </div>
          </details>
          <button>Verify</button>
        </>
      )}
    </Form>
  </article>
);

const Found = ({ found }: { found: Verification }) => {
  const { verified, entries, from_seq, head_seq, head_hash, broken } = found;
  if (verified === false) {
    return (
      <Notice tone="bad">
        <p>
          <strong>Changed from outside, at entry {broken?.seq}:</strong> {broken?.reason}.
        </p>
      </Notice>
    );
  }
  if (verified === null) {
    return (
      <Notice>
        <p>
          {entries} of {head_seq - from_seq + 1} entries were looked at, and all are right so far.
        </p>
      </Notice>
    );
  }
  return (
    <Notice tone="good">
      <p>
        {entries === 0 ? "The log has no entry yet." : `All ${entries} entries are as they were written.`}
        {from_seq > 1 && ` Those before no. ${from_seq} were deleted by age.`}
      </p>
      {head_seq > 0 && (
        <p>
          Note this elsewhere, and nobody can write the log anew: entry {head_seq}, hash <code>{head_hash}</code>
        </p>
      )}
    </Notice>
  );
};
