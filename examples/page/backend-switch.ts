import { fromEvent } from 'rxjs';
import { backendReport, setBackend } from 'rxtensor';
import { askedBackend, carryBackend, rememberBackend } from './backend-choice';
import { element, setText } from './page-element';

/**
 * Makes the form's switch between the backends work. It begins with what the address asks for (`?backend=`), else with the library's
 * default; the reader's choice is used at once, and put into the address. Below the switch stands what runs, and why.
 *
 * @returns whether this browser has WebGL
 */
export function backendSwitch(form: HTMLFormElement): boolean {
  const radios = form.querySelectorAll<HTMLInputElement>("input[name='backend']");
  carryBackend();
  use(askedBackend(), radios);
  for (const radio of radios) {
    fromEvent(radio, 'change').subscribe(() => {
      rememberBackend(radio.value);
      use(radio.value, radios);
    });
  }
  return backendReport().unsupported.webgl === undefined;
}

/** Uses a backend, the default for null, and shows which is in use now: another one if this cannot be had. */
function use(name: string | null, radios: Iterable<HTMLInputElement>): void {
  let problem = '';
  try {
    if (name !== null) setBackend(name);
  } catch (error) {
    problem = `${error instanceof Error ? error.message : String(error)}. `;
  }
  const { backend, device, reason, unsupported, floatPrecision } = backendReport();
  for (const radio of radios) {
    radio.checked = radio.value === backend;
    radio.disabled = radio.value in unsupported;
  }
  element('backend-device', HTMLElement).parentElement?.toggleAttribute('open', problem !== '');
  setText('backend-device', shortName(device) + (floatPrecision === 16 ? ', half floats' : ''));
  setText('backend-reason', problem + reason);
}

/** The part of a renderer's name that readers know: of "ANGLE (Apple, ANGLE Metal Renderer: Apple M2, …)" it is "Apple M2". */
function shortName(device: string): string {
  const angle =
    /^ANGLE \([^,]*, (?:ANGLE Metal Renderer: |Vulkan [\d.]+ \()?(.*?)(?: \(|, | Direct3D|\)$)/.exec(device);
  return angle?.[1] ?? device;
}
