import { Media } from "../../view/media.tsx";
import { Empty, Notice, Time } from "../../view/parts.tsx";
import type { JobDetail } from "../playground/result.tsx";

/** What it made, playing; or why there is nothing to see. */
export const Outputs = ({ job }: { job: JobDetail }) => {
  const outputs = (job.prediction?.outputs ?? []).filter((output): output is string => typeof output === "string");
  const error = job.prediction?.error;
  return (
    <article>
      <h2>Result</h2>
      {error && (
        <Notice tone="bad">
          <p>{error}</p>
        </Notice>
      )}
      {outputs.map((output) => (
        <Media url={output} />
      ))}
      {outputs.length === 0 && !error && <Empty title={nothingOf(job)} />}
    </article>
  );
};

function nothingOf(job: JobDetail): string {
  if (job.deleted) return "It was deleted: outputs and input are gone";
  return job.ended_at === null ? "It plays here when it is done" : "There is no output";
}

/** What was asked for, where the tenant keeps inputs. */
export const Input = ({ job: { input } }: { job: JobDetail }) => (
  <article>
    <h2>Input</h2>
    {input === null || input.input === null ? (
      <p class="muted">
        {input?.dropped_for_room ? "It was dropped: it was too large to be kept." : "It is not kept."}
      </p>
    ) : (
      <>
        <pre class="scroll" tabindex={0}>
          <code id="input">{JSON.stringify(input.input, null, 2)}</code>
        </pre>
        <div class="inline">
          <button type="button" class="quiet small" data-copy="input">
            Copy
          </button>
          {input.kept_until !== null && (
            <small class="muted">
              Kept until <Time at={input.kept_until} />
            </small>
          )}
        </div>
      </>
    )}
  </article>
);
