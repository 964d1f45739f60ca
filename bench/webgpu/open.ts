import { launch } from 'puppeteer-core';
import { WEBGPU_FLAGS, browserFlags, findBrowser } from '../../scripts/find-browser';
import { withPage, type OpenBrowser } from '../chromium';

/** Chromium with WebGPU, on its own software renderer. */
export async function openWithWebGPU(): Promise<OpenBrowser> {
  const browser = await launch({
    executablePath: await findBrowser(),
    args: [...browserFlags(), ...WEBGPU_FLAGS],
    protocolTimeout: 0,
  });
  return { browser, close: () => browser.close() };
}

/** The name of the device that computes there. */
export function deviceName(): Promise<string> {
  return withPage({ script: '', open: openWithWebGPU }, (page) =>
    page.evaluate(async () => {
      const adapter = await navigator.gpu.requestAdapter();
      if (!adapter) return 'none';
      const { description, device, vendor, architecture, isFallbackAdapter } = adapter.info;
      const name = [vendor, architecture, device, description].filter(Boolean).join(' ');
      return isFallbackAdapter ? `SwiftShader, Chromium's software renderer (${name})` : name;
    }),
  );
}
