import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import Errors from '../../renderer/pages/Errors.svelte';
import Problem from '../../renderer/pages/Problem.svelte';
import { app } from '../../renderer/state/app.svelte.js';
import { route } from '../../renderer/state/route.svelte.js';
import type { ProblemReport } from '../../src/ipc/report.js';
import { fakeMain, stateOf } from './bridge.js';
import { translator } from '../../src/text/index.js';

const t = translator('en');

beforeEach(() => {
  app.state = stateOf([]);
});

const wordsOf = (request: unknown): readonly string[] => (request as { words: readonly string[] }).words;

/** Main, which takes the words out of a report that is about one project. */
function reporter(request: unknown): ProblemReport {
  const words = wordsOf(request);
  const text = words.reduce(
    (all, word, at) => all.replaceAll(word, `<word-${at + 1}>`),
    'host <PC-1>, project Sunrise, again Sunrise',
  );
  return {
    files: [{ name: 'report.json', text }],
    takenOut: { people: 1, machines: 0, hardware: 0, network: 0, paths: 0, words: text.split('<word-').length - 1 },
    size: 512,
  };
}
const takeOut = async (word: string): Promise<void> => {
  await fireEvent.input(screen.getByRole('textbox', { name: t('settings.problemMore') }), { target: { value: word } });
  await fireEvent.click(screen.getByRole('button', { name: t('settings.problemTakeOut') }));
};

describe('the report of a problem', () => {
  it('is shown before it is saved, with what was taken out', async () => {
    const main = fakeMain({ problemReport: reporter, saveProblemReport: () => ({ kind: 'saved' }) });
    render(Problem, { from: 'host' });
    expect((await screen.findByText('<PC-1>')).className).toContain('gone');
    expect(screen.getByText('1 place')).toBeTruthy();
    expect(main.asked.some(({ name }) => name === 'saveProblemReport')).toBe(false);
    await fireEvent.click(screen.getByRole('button', { name: 'Save…' }));
    expect(await screen.findByText(/^Saved/)).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Back' }));
    expect(route.now).toEqual({ page: 'host' });
  });

  it('loses a word of the person everywhere, says where, and gets it back', async () => {
    const main = fakeMain({ problemReport: reporter });
    render(Problem, { from: 'settings' });
    await screen.findByText('<PC-1>');
    await takeOut('Sunrise');
    expect(await screen.findAllByText('<word-1>')).toHaveLength(2);
    expect(screen.getByText('“Sunrise”: 2 places')).toBeTruthy();
    await takeOut('Moonlight');
    expect(await screen.findByText('“Moonlight” isn’t in the report.')).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Keep “Sunrise”' }));
    expect(await screen.findByText(/project Sunrise/)).toBeTruthy();
    expect(main.asked.map(({ request }) => wordsOf(request))).toEqual([
      [],
      ['Sunrise'],
      ['Sunrise', 'Moonlight'],
      ['Moonlight'],
    ]);
  });

  it('takes no single letter, which would take the whole report apart', async () => {
    fakeMain({ problemReport: reporter });
    render(Problem, { from: 'settings' });
    await screen.findByText('<PC-1>');
    await fireEvent.input(screen.getByRole('textbox'), { target: { value: 'a' } });
    expect(screen.getByText(t('settings.problemShort'))).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: t('settings.problemTakeOut') }).disabled).toBe(true);
  });

  it('offers what was selected in it', async () => {
    fakeMain({ problemReport: reporter });
    render(Problem, { from: 'settings' });
    const text = await screen.findByText(/project Sunrise/);
    getSelection()?.selectAllChildren(text);
    await fireEvent.pointerUp(screen.getByRole('region', { name: 'The report' }));
    expect(screen.getByRole<HTMLInputElement>('textbox').value).toContain('project Sunrise');
    getSelection()?.removeAllRanges();
  });

  it('saves and copies nothing while a word could not be taken out', async () => {
    fakeMain({
      problemReport: (request) => (wordsOf(request).length > 0 ? Promise.reject(new Error('no')) : reporter(request)),
    });
    render(Problem, { from: 'settings' });
    await screen.findByText('<PC-1>');
    await takeOut('Sunrise');
    expect(await screen.findByText(/Couldn’t create/)).toBeTruthy();
    for (const name of ['Save…', 'Copy as text'])
      expect(screen.getByRole<HTMLButtonElement>('button', { name }).disabled, name).toBe(true);
  });

  it('is about the error that nobody knew, and leads back to it', async () => {
    const main = fakeMain({ problemReport: reporter });
    const pasted = 'Something failed: 0x8badf00d';
    render(Errors, {});
    await fireEvent.input(screen.getByRole('textbox'), { target: { value: pasted } });
    await fireEvent.click(screen.getByRole('button', { name: 'Report it…' }));
    expect(route.now).toEqual({ page: 'report', from: 'errors', pasted });
    cleanup();
    render(Problem, { from: 'errors', pasted });
    await screen.findByText('<PC-1>');
    expect(main.asked[0]?.request).toEqual({ words: [], pasted });
    await fireEvent.click(screen.getByRole('button', { name: 'Back' }));
    expect(route.now).toEqual({ page: 'errors', text: pasted });
    cleanup();
    render(Errors, { pasted });
    expect(screen.getByText(t('errors.unknown'))).toBeTruthy();
  });
});
