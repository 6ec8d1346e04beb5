const WIDTH = 200;
const HEIGHT = 8;

interface MeterProps {
  /** In micro-dollars, all three. */
  captured: number;
  held: number;
  limit: number;
  label: string;
}

/** How much of a limit is used: captured, then held; red where it is over. Drawn on the server, so it needs no script. */
export const Meter = ({ captured, held, limit, label }: MeterProps) => {
  const whole = Math.max(limit, captured + held, 1);
  const used = (WIDTH * captured) / whole;
  const on = (WIDTH * held) / whole;
  const isOver = captured + held > limit;
  return (
    <svg class="meter" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <rect class="track" width={WIDTH} height={HEIGHT} rx="2" />
      <rect class={isOver ? "over" : "used"} width={used} height={HEIGHT} rx="2" />
      <rect class="held" x={used} width={on} height={HEIGHT} rx="2" />
    </svg>
  );
};
