import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { stage } from '../stage';
import { Training } from './training';

stage((place) => {
  const root = createRoot(place);
  // In development, StrictMode mounts each component, unmounts it and mounts it again.
  root.render(
    <StrictMode>
      <Training />
    </StrictMode>,
  );
  return () => root.unmount();
});
