import { Form } from "../../view/form.tsx";
import { Badge, Time } from "../../view/parts.tsx";
import type { JobDetail } from "../playground/result.tsx";

interface DeliveriesProps {
  job: JobDetail;
  action: string;
  csrf: string;
  mayReplay: boolean;
}

/** Who was told of the job's end, and how that went. */
export const Deliveries = ({ job, action, csrf, mayReplay }: DeliveriesProps) => (
  <article id="deliveries">
    <h2>Webhooks</h2>
    {job.deliveries.length === 0 ? (
      <p class="muted">Nobody was to be told of this job.</p>
    ) : (
      <div class="scroll" tabindex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Event</th>
              <th scope="col">To</th>
              <th scope="col">State</th>
              <th scope="col" class="num">
                Attempts
              </th>
              <th scope="col">Made (UTC)</th>
              <th scope="col">Next attempt</th>
              {mayReplay && <th scope="col">Send again</th>}
            </tr>
          </thead>
          <tbody>
            {job.deliveries.map((delivery) => (
              <tr>
                <th scope="row">{delivery.event}</th>
                <td>{delivery.endpoint ?? "The URL of its submit"}</td>
                <td>
                  <Badge tone={toneOf(delivery.state)}>{delivery.state}</Badge>{" "}
                  <span class="muted">{delivery.reason}</span>
                </td>
                <td class="num">{delivery.attempts}</td>
                <td>
                  <Time at={delivery.created_at} />
                </td>
                <td>
                  <Time at={delivery.next_attempt_at} />
                </td>
                {mayReplay && (
                  <td>
                    <Form action={action} csrf={csrf} class="inline">
                      <input type="hidden" name="delivery" value={delivery.id} />
                      <button class="quiet small" id={`replay-${delivery.id}`} aria-label={`Replay ${delivery.event}`}>
                        Replay
                      </button>
                    </Form>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    )}
  </article>
);

const toneOf = (state: string): "good" | "bad" | "warn" =>
  state === "delivered" ? "good" : state === "failed" ? "bad" : "warn";
