import { useEffect, useState, type ReactNode } from 'react';
import { learnLine, type Line } from '../learn-line';

export function Training(): ReactNode {
  const [line, setLine] = useState<Line | null>(null);
  useEffect(() => {
    const training = learnLine().subscribe(setLine);
    return () => training.unsubscribe();
  }, []);
  return (
    <p>
      Step <output id="step">{line?.step ?? 0}</output>: the loss is{' '}
      <output id="loss">{line?.loss.toFixed(5) ?? '–'}</output>
    </p>
  );
}
