import { mount, unmount } from 'svelte';
import { stage } from '../stage';
import Training from './training.svelte';

stage((place) => {
  const component = mount(Training, { target: place });
  return () => void unmount(component);
});
