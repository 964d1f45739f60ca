import plot from 'simple-ascii-chart';

export interface PlotSize {
  readonly width: number;
  readonly height: number;
  /** Whether the steps are written below. */
  readonly showSteps: boolean;
}

/** The losses of all steps as lines of text, on a logarithmic scale: each column is the mean of some steps. */
export function lossPlot(losses: readonly number[], { width, height, showSteps }: PlotSize): string[] {
  const points = columnMeans(losses, width);
  if (points.length === 0) return [];
  const text = plot(
    points.map(({ step, loss }) => [step, Math.log10(loss)]),
    {
      width,
      height,
      formatter: (value, { axis }) => (axis === 'y' ? Number((10 ** value).toPrecision(2)) : value),
      hideXAxis: !showSteps,
      customXAxisTicks: [0, 1 / 3, 2 / 3, 1].map(
        (part) => points[Math.round(part * (points.length - 1))]!.step,
      ),
    },
  );
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** Means of as many neighbouring losses as it takes for `columns` of them, each at the last of its steps. */
function columnMeans(losses: readonly number[], columns: number): { step: number; loss: number }[] {
  const size = Math.max(1, Math.ceil(losses.length / columns));
  return Array.from({ length: Math.ceil(losses.length / size) }, (_, column) => {
    const some = losses.slice(column * size, (column + 1) * size);
    return {
      step: column * size + some.length,
      loss: some.reduce((sum, loss) => sum + loss, 0) / some.length,
    };
  }).filter(({ loss }) => loss > 0 && Number.isFinite(loss));
}
