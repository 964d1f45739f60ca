// The page that listens: what the recording has is seen on it, and all is given back.
import type { Browser, Page } from 'puppeteer-core';
import { browserFlags } from '../../scripts/find-browser';
import { launchBrowser } from '../../scripts/launch-browser';
import {
  newPage,
  papers,
  serveSource,
  shown,
  until,
  widthOnPhone,
  type Shown,
  type Site,
} from '../example-pages';
import { installModels } from './packages';

installModels();

/** It has stopped, and what was still being read is freed. */
const isOver = ({ texts }: Shown): boolean => (texts['memory-verdict'] ?? '').includes('back where it began');
const phaseIs = (wanted: string) => (now: Shown) => now.phase === wanted;

/** The notes that the page names, in turn, as a script of the page collects them. */
const collectNotes = `
  globalThis.heardNotes = [];
  globalThis.spoke = 0;
  addEventListener('DOMContentLoaded', () => {
    const heard = document.querySelector('#heard');
    new MutationObserver(() => heardNotes.push(heard.textContent.split(' ')[0])).observe(heard, {
      childList: true, characterData: true, subtree: true,
    });
    const speech = document.querySelector('#speech');
    new MutationObserver(() => { if (speech.className.includes('on')) spoke++; }).observe(speech, { attributes: true });
  });
`;

describe('the page that listens', () => {
  let site: Site;
  let browser: Browser;

  beforeAll(async () => {
    [site, browser] = await Promise.all([
      serveSource(),
      launchBrowser([...browserFlags(), '--use-fake-ui-for-media-stream']),
    ]);
  });

  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  async function opened(path = 'listen/?backend=cpu'): Promise<{ page: Page; problems: string[] }> {
    const { page, problems } = await newPage(browser);
    await page.evaluateOnNewDocument(collectNotes);
    await page.goto(`${site.address}${path}`, { waitUntil: 'load' });
    await until(
      () => shown(page),
      'it is ready',
      ({ texts }) => texts.phase === 'Ready',
    );
    return { page, problems };
  }

  it('hears speech and the melody of the recording, and frees all at its end', async () => {
    const { page, problems } = await opened();
    await page.click('label:has(input[value="recording"])');
    await page.click('#run');
    await until(() => shown(page), 'it hears', phaseIs('running'));
    const ended = await until(() => shown(page), 'the recording has ended', isOver);
    expect(ended.texts['memory-verdict']).toContain('back where it began');
    expect(ended.texts['lost-sound']).toBe('0.0');
    const [heard, spoke] = (await page.evaluate('[heardNotes, spoke]')) as [string[], number];
    expect(spoke).toBeGreaterThan(0);
    // Each note of the melody, in turn; a note that is heard again has the same name.
    const melody = ['E4', 'F4', 'G4', 'F4', 'E4', 'D4', 'C4', 'D4', 'E4', 'D4'];
    let at = heard.length;
    for (const note of melody.reverse()) at = heard.lastIndexOf(note, at - 1);
    expect(at).withContext(heard.join(' ')).toBeGreaterThanOrEqual(0);
    expect(problems).toEqual([]);
    await page.close();
  }, 120_000);

  it('hears a microphone until it is stopped', async () => {
    const { page, problems } = await opened();
    await page.evaluate(`
      // A person whistles A4.
      const context = new AudioContext();
      const tone = new OscillatorNode(context, { frequency: 440 });
      const wanted = context.createMediaStreamDestination();
      tone.connect(new GainNode(context, { gain: 0.3 })).connect(wanted);
      tone.start();
      navigator.mediaDevices.getUserMedia = async () => (globalThis.given = wanted.stream);
      0;
    `);
    await page.click('#run');
    await until(
      () => shown(page),
      'it hears the tone',
      ({ texts }) => (texts.heard ?? '').startsWith('A4'),
    );
    expect(await page.evaluate('given.getAudioTracks()[0].readyState')).toBe('live');
    await page.click('#run');
    const stopped = await until(() => shown(page), 'it has stopped', isOver);
    expect(stopped.texts['memory-verdict']).toContain('back where it began');
    expect(await page.evaluate('given.getAudioTracks()[0].readyState')).toBe('ended');
    expect(problems).toEqual([]);
    await page.close();
  }, 120_000);

  it('plays the recording where there is no microphone, on WebGL too', async () => {
    const { page, problems } = await opened('listen/?backend=webgl');
    await page.evaluate(`
      navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('Requested device not found', 'NotFoundError'); };
      0;
    `);
    await page.click('#run');
    const now = await until(() => shown(page), 'it hears', phaseIs('running'));
    expect(now.texts.notices).toContain('There is no microphone here');
    expect(now.texts['source-file-name']).toBe('a file of yours');
    await until(
      () => shown(page),
      'it tells a latency',
      ({ texts }) => (texts.latency ?? '').endsWith('ms'),
    );
    await page.click('#run');
    const stopped = await until(() => shown(page), 'it has stopped', isOver);
    expect(stopped.texts['memory-verdict']).toContain('back where it began');
    expect(problems).toEqual([]);
    await page.close();
  }, 240_000);

  it('fits a phone, and can be dark and light', async () => {
    const { page, problems } = await newPage(browser);
    expect(await widthOnPhone(page, `${site.address}listen/`)).toBe(390);
    const [before, after] = await papers(page);
    expect(after).not.toBe(before);
    expect(problems).toEqual([]);
    await page.close();
  });
});
