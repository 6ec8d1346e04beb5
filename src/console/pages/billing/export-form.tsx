/** Every captured job of a period, as a file. */
export const ExportForm = ({ path }: { path: string }) => (
  <article aria-labelledby="export" class="no-print">
    <h2 id="export">Export</h2>
    <p class="muted">
      One line for each job that was charged in the period, by the tenant's local days. Their sum is what the ledger
      captured.
    </p>
    <form method="get" action={`${path}/export`} class="filters">
      <label>
        From
        <input type="date" name="from" required />
      </label>
      <label>
        To
        <input type="date" name="to" required />
      </label>
      <label>
        Format
        <select name="format">
          <option value="csv">CSV</option>
          <option value="ndjson">NDJSON</option>
        </select>
      </label>
      <button class="quiet">Download</button>
    </form>
  </article>
);
